import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Scene } from './scene.js';
import type { SceneOptions, WireTrouble } from './scene.js';

/** What holds for every scene of a case. */
export interface StageOptions {
  readonly seed: number;
  readonly trouble?: WireTrouble;
}

/** Where a case makes its scenes; all are gone after it. */
export class Stage {
  readonly #options: StageOptions;
  readonly #scenes: Scene[] = [];
  readonly #folders: string[] = [];

  constructor(options: StageOptions) {
    this.#options = options;
  }

  get seed(): number {
    return this.#options.seed;
  }

  /** Nothing is open yet. What is wrong with the wire is the stage's, unless the case has its own. */
  async scene(options: SceneOptions = {}): Promise<Scene> {
    const { seed, trouble } = this.#options;
    const scene = await Scene.start({ seed, ...(trouble !== undefined && { trouble }), ...options });
    this.#scenes.push(scene);
    return scene;
  }

  /** A scene whose venue takes orders. */
  async trading(options: SceneOptions = {}): Promise<Scene> {
    const scene = await this.scene(options);
    await scene.openVenue();
    return scene;
  }

  /** A scene whose feed is open. */
  async watching(options: SceneOptions = {}): Promise<Scene> {
    const scene = await this.scene(options);
    await scene.openFeed();
    return scene;
  }

  /** Our next process at the same gateway, its venue open. */
  async next(before: Scene, options: SceneOptions = {}): Promise<Scene> {
    await before.leave();
    return this.trading({ ...options, after: before });
  }

  /** An empty folder. */
  async folder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'bookrunner-conformance-'));
    this.#folders.push(folder);
    return folder;
  }

  async close(): Promise<void> {
    // The first scene owns the simulator: it goes last.
    for (const scene of this.#scenes.splice(0).toReversed()) await scene.close();
    for (const folder of this.#folders.splice(0)) await rm(folder, { recursive: true, force: true });
  }
}
