import type { CharacterFacts, CostumeFacts, KartFacts, Words } from "../cast/facts";
import type { Language } from "../core/config";
import { make } from "../ui/dom";
import { fill } from "../ui/strings";
import type { GarageStrings } from "./strings";

type Row = [term: string, text: string | undefined | null];

/** The words beside a choice: a name, what it is, and what there is to know. */
export class Teller {
  constructor(
    private readonly s: GarageStrings,
    private readonly language: Language,
  ) {}

  say(words: Words | undefined | null): string {
    return words ? words[this.language] : "";
  }

  person(person: CharacterFacts, kart: KartFacts | undefined): Node[] {
    const { s } = this;
    const age = person.age === undefined ? "" : fill(s.age, { n: person.age });
    return [
      make("h2", {}, this.say(person.name)),
      make("p", { class: "gr-line" }, [this.say(person.home), age].filter(Boolean).join(" · ")),
      make("p", { class: "gr-motto" }, this.say(person.personality)),
      make("p", {}, this.say(person.story)),
      this.rows([
        [s.favourite, this.say(person.favourite)],
        [s.itsKart, this.say(kart?.name)],
        [s.why, this.say(person.why)],
      ]),
    ];
  }

  kart(kart: KartFacts): Node[] {
    return [make("h2", {}, this.say(kart.name)), make("p", {}, this.say(kart.what))];
  }

  /** `worn` says whether it may be kept. */
  piece(costume: CostumeFacts, owned: boolean): Node[] {
    const { s } = this;
    const { by, how } = costume.earned;
    const way = { open: s.open, licence: s.byLicence, season: s.bySeason, card: s.byCard }[by];
    const free = by === "open" ? s.open : s.earned;
    const told = owned
      ? make("p", { class: "gr-own" }, free)
      : make("p", { class: "gr-earn" }, make("strong", {}, s.tryOn), " ", this.say(how) || way);
    return [
      make("h2", {}, this.say(costume.name)),
      told,
      make("p", {}, this.say(costume.what)),
      this.rows([
        [s.origin, this.say(costume.origin)],
        [s.history, this.say(costume.history)],
        [s.source, costume.source],
      ]),
    ];
  }

  private rows(rows: Row[]): HTMLElement {
    const list = make("dl", { class: "gr-facts" });
    for (const [term, text] of rows)
      if (text) list.append(make("div", {}, make("dt", {}, term), make("dd", {}, text)));
    return list;
  }
}
