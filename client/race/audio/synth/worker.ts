import { renderOrder, type Order } from "./note";

/** Renders notes beside the game; the page never waits for one. */
addEventListener("message", (event: MessageEvent<Order[]>) => {
  for (const order of event.data) {
    const sample = renderOrder(order);
    postMessage(sample, { transfer: [sample.data.buffer] });
  }
});
