// The metrics of one engine in Prometheus' text format. Lives on the main thread; prom-client is loaded by the first question.
import { createRequire } from 'node:module';
import type { Counter, Gauge, Registry } from 'prom-client';
import { SerialLock } from '../store/serial-lock.js';
import { METRIC_FAMILIES } from './metric-families.js';
import type { MetricFacts, MetricFamily } from './metric-family.js';

/** Media type of what {@link EngineMetrics.text} gives. */
export const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

interface Shown {
  readonly family: MetricFamily;
  readonly metric: Gauge | Counter;
}

/** Renders the facts of each question anew, so that a series ends with what it was about. */
export class EngineMetrics {
  readonly #lock = new SerialLock();
  #registry: Registry | undefined;
  #shown: readonly Shown[] = [];

  /** The metrics, those of the process included. */
  text(facts: MetricFacts): Promise<string> {
    return this.#lock.run(() => {
      const registry = (this.#registry ??= this.#open());
      for (const { family, metric } of this.#shown) show(metric, family, facts);
      return registry.metrics();
    });
  }

  /** Lets everything go. A later question begins anew. */
  close(): void {
    this.#registry?.clear();
    this.#registry = undefined;
    this.#shown = [];
  }

  #open(): Registry {
    const client = createRequire(import.meta.url)('prom-client') as typeof import('prom-client');
    // One of its own: the library's global one would be shared by every engine of a process.
    const registry = new client.Registry();
    this.#shown = METRIC_FAMILIES.map((family) => {
      const { name, help, labels } = family;
      const settings = { name, help, labelNames: [...labels], registers: [registry] };
      return { family, metric: family.type === 'gauge' ? new client.Gauge(settings) : new client.Counter(settings) };
    });
    client.collectDefaultMetrics({ register: registry });
    return registry;
  }
}

function show(metric: Gauge | Counter, { labels, samples }: MetricFamily, facts: MetricFacts): void {
  metric.reset();
  // A metric without labels begins at 0, which nobody said.
  if (labels.length === 0) metric.remove();
  for (const [value, ...names] of samples(facts)) {
    if (value === null || value === undefined || !Number.isFinite(value)) continue;
    metric.inc(Object.fromEntries(labels.map((label, index) => [label, names[index] ?? ''])), value);
  }
}
