// The shape of engine.yaml. Every object is strict; defaults that need another section are filled in by complete-config.ts.
import { z } from 'zod';
import { calendarsSection } from './calendars-section.js';
import { allowIncompatibleSection, databaseSection, engineSection, pluginsSection } from './engine-section.js';
import { instrumentsSection } from './market-sections.js';
import {
  accountsSection,
  booksSection,
  controlsSection,
  feedsSection,
  riskSection,
  routesSection,
  strategiesSection,
  venuesSection,
} from './trading-sections.js';

export const engineSchema = z
  .strictObject({
    engine: engineSection.prefault({}),
    database: databaseSection.prefault({ type: 'sqlite' }),
    plugins: pluginsSection.default([]),
    allowIncompatible: allowIncompatibleSection.default([]),
    calendars: calendarsSection.default({}),
    instruments: instrumentsSection.default({}),
    feeds: feedsSection.default({}),
    venues: venuesSection.default({}),
    accounts: accountsSection.default({}),
    books: booksSection.default({}),
    routes: routesSection.default([]),
    strategies: strategiesSection.default({}),
    risk: riskSection.optional(),
    controls: controlsSection.default({}),
  })
  .describe('Configuration of a Bookrunner engine.');

/** A document that passed the schema: sections as written, with the defaults that need nothing else. */
export type EngineDocument = z.output<typeof engineSchema>;
