import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { failure, issues, load, MINIMAL } from './config.fixture.js';
import { formatPath } from './config-errors.js';
import { parsePath } from './overrides.js';

describe('--set', () => {
  it('sets typed values, makes known containers and takes variables', () => {
    const config = load(`${MINIMAL}routes: [{ venue: simulated }, { venue: simulated }]\n`, {
      env: { NAME: 'x' },
      overrides: [
        'strategies.mr.params.lookback=30',
        'strategies.mr.params.flag=true',
        'strategies.mr.params.list=[1, 2]',
        'strategies.mr.bars={ use: tick, options: { ticks: 5 } }',
        'strategies.mr.bars.options.ticks=6',
        'engine.seed=3',
        'engine.name=${NAME}',
        'instruments["AAPL"].priceStep=0.5',
        'routes[1].match.assetClass=fx',
        'routes.2={ venue: simulated, match: { book: MAIN } }',
        'feeds.other={ use: synthetic }',
        'strategies.mr.feed=other',
      ],
    });
    expect(config.strategies['mr']).toMatchObject({
      params: { lookback: 30, flag: true, list: [1, 2] },
      bars: [{ use: 'tick', options: { ticks: 6 } }],
      feed: 'other',
    });
    expect(config.engine).toMatchObject({ seed: 3, name: 'x' });
    expect(config.instruments['AAPL']?.priceStep).toBe(0.5);
    expect(config.routes.map((route) => route.match)).toEqual([{}, { assetClass: 'fx' }, { book: 'MAIN' }]);
  });

  it('makes options inside a block that exists', () => {
    const config = load(`${MINIMAL}risk: { use: standard }\n`, {
      overrides: ['risk.options.perSymbol.AAPL.maxUnits=500'],
    });
    expect(config.risk.options).toEqual({ perSymbol: { AAPL: { maxUnits: 500 } } });
  });

  it.each([
    ['strategies.mrr.params.lookback=30', "there is no 'mrr'. Did you mean 'mr'?"],
    ['strategies.mr.param.lookback=30', "there is no 'param'. Did you mean 'params'?"],
    ['engin.seed=1', "Did you mean 'engine'?"],
    ['engine.sed=1', "Did you mean 'seed'?"],
    ['strategies.mr.symbols[3]=X', 'there is no item 3; the list has 1'],
    ['strategies.mr.symbols.first=X', 'this is a list'],
    ['engine.name.x=1', "'name' is a plain value"],
    ['strategies.mr.use.x=1', "'use' is a plain value"],
    ['engine.seed', "has no '='"],
    ['=1', 'is no path'],
    ['a..b=1', 'is no path'],
    ['engine.name=[', 'is no YAML'],
  ])('refuses %s', (override, text) => {
    const error = failure(MINIMAL, { overrides: [override] });
    expect(error.code).toBe('CONFIG_OVERRIDE_INVALID');
    expect(error.message).toContain(text);
  });

  it.each([
    ['strategies.mr.params.__proto__.polluted=1', 'strategies.mr.params.__proto__'],
    ['strategies.mr.params.constructor.prototype.polluted=1', 'strategies.mr.params.constructor'],
    ['strategies["__proto__"]={ use: x }', 'strategies.__proto__'],
    ['__proto__.polluted=1', '__proto__'],
    ['strategies.mr.params={ deep: [{ __proto__: { polluted: 1 } }] }', 'strategies.mr.params.deep[0].__proto__'],
  ])('refuses the reserved key of %s and changes no prototype', (override, path) => {
    const found = issues(MINIMAL, { overrides: [override] });
    expect(found).toMatchObject([{ code: 'CONFIG_INVALID', path, place: '--set', remedy: 'Rename or remove it.' }]);
    expect('polluted' in {}).toBe(false);
  });

  it('takes no inherited name for a container', () => {
    const config = load(MINIMAL, { overrides: ['strategies.mr.params.toString.x=1'] });
    expect(config.strategies['mr']?.params).toEqual({ toString: { x: 1 } });
    expect(Object.hasOwn(Object.prototype.toString, 'x')).toBe(false);
    expect(failure(MINIMAL, { overrides: ['engine.toString=1'] }).message).toContain("there is no 'toString'");
    expect(failure(MINIMAL, { overrides: ['engine.valueOf.x=1'] }).message).toContain("there is no 'valueOf'");
  });

  it('is the place of what it broke', () => {
    const [issue] = issues(MINIMAL, { overrides: ['engine.seed=x'] });
    expect(issue).toMatchObject({
      path: 'engine.seed',
      place: '--set',
      message: 'has to be a number; it is text.',
    });
  });

  it('reads every path that issues print', () => {
    const key = fc.oneof(fc.string({ minLength: 1 }), fc.nat(999));
    fc.assert(
      fc.property(fc.array(key, { minLength: 1 }), (path) => {
        expect(parsePath(formatPath(path))).toEqual(path);
      }),
    );
  });
});
