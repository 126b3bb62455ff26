// The SDK's suites begin to count their orders anew in each process; an account remembers the orders of all of them.
import type { Order, OrderRef, Venue, VenueReport, VenueSink, VenueSnapshot } from '@bookrunner/sdk';

const SUITE = 'TEST';

/** A venue whose orders bear another prefix than the suite gave them, which alone hears of them by the suite's. */
export function renamedVenue(venue: Venue, prefix: string): Venue {
  const out = (id: string): string => (id.startsWith(SUITE) ? `${prefix}${id.slice(SUITE.length)}` : id);
  const back = (id: string): string => (id.startsWith(prefix) ? `${SUITE}${id.slice(prefix.length)}` : id);
  const order = (given: Order): Order => ({
    ...given,
    ...{ clientOrderId: out(given.clientOrderId), parentId: out(given.parentId) },
    ocoGroup: given.ocoGroup === '' ? '' : `${prefix}${given.ocoGroup}`,
  });
  const ref = (given: OrderRef): OrderRef => ({ ...given, clientOrderId: out(given.clientOrderId) });
  const heard = (report: VenueReport): VenueReport => {
    const clientOrderId = back(report.clientOrderId);
    if (!('fill' in report)) return { ...report, clientOrderId };
    return { ...report, clientOrderId, fill: { ...report.fill, orderId: back(report.fill.orderId) } };
  };
  const shown = (snapshot: VenueSnapshot): VenueSnapshot => ({
    ...snapshot,
    openOrders: {
      ...snapshot.openOrders,
      items: snapshot.openOrders.items.map((item) => ({ ...item, clientOrderId: back(item.clientOrderId) })),
    },
    executions: {
      ...snapshot.executions,
      items: snapshot.executions.items.map((item) => ({ ...item, orderId: back(item.orderId) })),
    },
  });
  return {
    capabilities: venue.capabilities,
    open: (sink: VenueSink) =>
      venue.open({
        report: (report) => sink.report(heard(report)),
        account: (state) => sink.account(state),
        status: (status) => sink.status(status),
        heartbeat: (heartbeat) => sink.heartbeat(heartbeat),
      }),
    close: () => venue.close(),
    submit: (group) => venue.submit(group.map(order)),
    cancel: (given) => venue.cancel(ref(given)),
    ...(venue.replace !== undefined && { replace: (given, change) => venue.replace!(ref(given), change) }),
    snapshot: async () => shown(await venue.snapshot()),
  };
}
