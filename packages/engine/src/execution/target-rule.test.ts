import { describe, expect, it } from '@jest/globals';
import { Scene } from '../kernel/kernel.fixture.js';

const last = (scene: Scene) => scene.venue.sent.at(-1)!;

describe('the target rule', () => {
  it('sends the difference between target and position, once', () => {
    const scene = new Scene();
    scene.answer(1);
    expect(scene.held()).toBe(100);
    scene.answer(1);
    scene.answer(undefined);
    expect(scene.venue.log).toEqual(['submit 1 buy 100 market entry']);
    scene.answer(0.5);
    scene.answer(-1);
    expect(scene.venue.log.slice(1)).toEqual(['submit 2 sell 50 market exit', 'submit 3 sell 150 market entry']);
    expect(scene.held()).toBe(-100);
  });

  it('counts what is working: a second answer sends only the rest', () => {
    const scene = new Scene();
    scene.venue.onSubmit = () => 'accept';
    scene.answer(0.5);
    scene.answer(0.8);
    expect(scene.venue.log).toEqual(['submit 1 buy 50 market entry', 'submit 2 buy 30 market entry']);
  });

  it('takes an entry of null, which JavaScript allows, for none', () => {
    const scene = new Scene();
    scene.venue.onSubmit = () => 'accept';
    scene.answer({ share: 0.5, entry: { limit: 90 } });
    scene.answer({ share: 1, entry: null } as never);
    expect(scene.venue.log).toEqual(['submit 1 buy 50 limit 90 entry', 'cancel 1', 'submit 2 buy 100 market entry']);
  });

  it('never has entries in both directions: the other way cancels first', () => {
    const scene = new Scene();
    scene.venue.onSubmit = () => 'accept';
    scene.venue.onCancel = () => 'hold';
    scene.answer(1);
    scene.answer(-1);
    scene.bars();
    expect(scene.venue.log).toEqual(['submit 1 buy 100 market entry', 'cancel 1']);
    scene.venue.cancelled(last(scene));
    scene.bars();
    expect(scene.venue.log.slice(2)).toEqual(['submit 2 sell 100 market entry']);
  });

  it('follows the fill when the cancel came too late', () => {
    const scene = new Scene();
    scene.venue.onSubmit = (order) => (order.sequence === 1 ? 'accept' : 'fill');
    scene.venue.onCancel = () => 'hold';
    scene.answer(1);
    scene.answer(-1);
    scene.venue.filled(last(scene));
    scene.bars();
    expect(scene.held()).toBe(-100);
  });

  it.each(['NOT_KNOWN_TO_US', 'CANCEL_REQUESTED', ''])(
    'takes a cancel it asked for as asked, whatever the reason (%s)',
    (reason) => {
      const scene = new Scene();
      scene.venue.onSubmit = (order) => (order.sequence === 1 ? 'accept' : 'fill');
      scene.venue.onCancel = () => 'hold';
      scene.answer(1);
      scene.answer(-1);
      scene.venue.cancelled(last(scene), reason);
      scene.bars();
      expect(scene.held()).toBe(-100);
    },
  );
});
