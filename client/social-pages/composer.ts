/** Photos are sent one after another while their owner writes what is in them. */
import { inWords, type Answer } from "./say.js";

interface Draft {
  row: HTMLElement;
  file: File;
}

export function wireComposers(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-composer]"))
    new Composer(form);
}

class Composer {
  private readonly list: HTMLElement;
  private readonly blank: HTMLTemplateElement;
  private readonly picker: HTMLInputElement;
  private readonly full: HTMLElement;
  private readonly most: number;
  private readonly waiting: Draft[] = [];
  private isSending = false;
  private wantsOut = false;

  constructor(private readonly form: HTMLFormElement) {
    this.list = form.querySelector("[data-drafts]")!;
    this.blank = form.querySelector("template[data-draft]")!;
    this.picker = form.querySelector('input[type="file"]')!;
    this.full = form.querySelector("[data-full]")!;
    this.most = Number(form.dataset.most);
    this.picker.addEventListener("change", () => this.take());
    this.list.addEventListener("click", (event) => {
      const drop = event.target instanceof Element ? event.target.closest("[data-drop]") : null;
      if (drop) this.leaveOut(drop.closest("li")!);
    });
    form.addEventListener("submit", (event) => {
      if (this.form.ariaBusy === "true") event.preventDefault();
      else if (this.isSending || this.waiting.length > 0) {
        event.preventDefault();
        this.wantsOut = true;
        this.form.ariaBusy = "true";
      }
    });
  }

  private take(): void {
    const files = [...(this.picker.files ?? [])];
    // What the form itself would send is sent already.
    this.picker.value = "";
    const first = this.list.children.length;
    const room = this.most - this.list.children.length;
    this.full.hidden = files.length <= room;
    for (const file of files.slice(0, Math.max(0, room))) {
      const made = this.blank.content.cloneNode(true) as DocumentFragment;
      const row = made.querySelector("li")!;
      const preview = row.querySelector<HTMLImageElement>("[data-preview]")!;
      preview.addEventListener("load", () => URL.revokeObjectURL(preview.src), { once: true });
      preview.src = URL.createObjectURL(file);
      this.list.append(made);
      this.waiting.push({ row, file });
    }
    this.list.children[first]?.querySelector<HTMLElement>("[data-alt]")?.focus();
    void this.sendAll();
  }

  private leaveOut(row: HTMLElement): void {
    const place = this.waiting.findIndex((draft) => draft.row === row);
    if (place >= 0) this.waiting.splice(place, 1);
    row.remove();
    this.full.hidden = true;
    this.picker.focus();
  }

  private async sendAll(): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    let isWhole = true;
    for (let draft = this.waiting.shift(); draft; draft = this.waiting.shift())
      isWhole = (await this.send(draft)) && isWhole;
    this.isSending = false;
    this.form.ariaBusy = null;
    const goes = this.wantsOut && isWhole;
    this.wantsOut = false;
    // Without the photo that failed, the post would not be the one that was meant.
    if (goes) this.form.requestSubmit();
  }

  private send({ row, file }: Draft): Promise<boolean> {
    const progress = row.querySelector<HTMLProgressElement>("[data-progress]")!;
    const body = new FormData();
    body.append("photo", file);
    if (this.form.dataset.album) body.append("album", this.form.dataset.album);
    const request = new XMLHttpRequest();
    request.open("POST", this.form.dataset.upload!);
    request.setRequestHeader("X-CSRFToken", this.csrf());
    request.upload.addEventListener("progress", (event) => {
      // The last tenth is the server's work.
      if (event.lengthComputable) progress.value = (90 * event.loaded) / event.total;
    });
    return new Promise((resolve) => {
      request.addEventListener("loadend", () => {
        const answer = parse(request.responseText);
        progress.hidden = true;
        const isKept = request.status === 201 && typeof answer.id === "string";
        if (isKept) keep(row, String(answer.id));
        else refuse(row, inWords(answer) || `${file.name}: ${request.status}`);
        resolve(isKept);
      });
      request.send(body);
    });
  }

  private csrf(): string {
    return this.form.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "";
  }
}

function keep(row: HTMLElement, id: string): void {
  const alt = row.querySelector<HTMLInputElement>("[data-alt]")!;
  alt.name = `alt-${id}`;
  const given = document.createElement("input");
  given.type = "hidden";
  given.name = "photo_id";
  given.value = id;
  row.append(given);
  row.classList.add("draft-kept");
}

function refuse(row: HTMLElement, why: string): void {
  const fault = row.querySelector<HTMLElement>("[data-fault]")!;
  fault.textContent = why;
  fault.hidden = false;
  fault.setAttribute("role", "alert");
  row.classList.add("draft-refused");
}

function parse(text: string): Answer {
  try {
    return JSON.parse(text) as Answer;
  } catch {
    return {};
  }
}
