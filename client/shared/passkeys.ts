/** Passkeys: the browser's ceremony between our server's JSON and the form's hidden field. */

type Json = Record<string, unknown>;

/** base64url, as WebAuthn's JSON carries bytes. */
export function toBytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}

export function fromBytes(bytes: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export function wirePasskeys(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void ceremony(form);
    });
  }
}

async function ceremony(form: HTMLFormElement): Promise<void> {
  const go = form.querySelector<HTMLButtonElement>("[data-passkey-go]");
  const field = form.querySelector<HTMLInputElement>("input[name=credential]");
  if (!go || !field) return;
  explain(form, null);
  if (!("PublicKeyCredential" in window)) {
    explain(form, "unsupported");
    return;
  }
  go.disabled = true;
  try {
    const kind = form.dataset.passkey;
    const made = kind === "add" || kind === "signup" ? await make(form) : await use(form);
    field.value = JSON.stringify(made);
    form.submit();
  } catch (error) {
    if (error instanceof Refused) say(form, error.message);
    else explain(form, reason(error));
    go.disabled = false;
  }
}

/** The server will not begin: what it says is for the person to read. */
class Refused extends Error {}

function reason(error: unknown): string {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "InvalidStateError") return "taken";
  if (name === "NotAllowedError" || name === "AbortError") return "refused";
  return name === "NotSupportedError" || name === "SecurityError" ? "unsupported" : "broken";
}

function explain(form: HTMLFormElement, why: string | null): void {
  const line = form.querySelector<HTMLElement>("[data-passkey-fault]");
  say(form, why === null ? "" : (line?.dataset[why] ?? ""));
}

function say(form: HTMLFormElement, words: string): void {
  const line = form.querySelector<HTMLElement>("[data-passkey-fault]");
  if (!line) return;
  line.hidden = words === "";
  line.textContent = words;
}

async function options(form: HTMLFormElement): Promise<Json> {
  const address = form.dataset.options;
  if (!address) {
    const data = document.getElementById("passkey-options")?.textContent ?? "";
    const parsed = JSON.parse(data) as Record<string, { publicKey: Json }>;
    return (parsed.creation_options ?? parsed.request_options)!.publicKey;
  }
  const signingUp = form.dataset.passkey === "signup";
  const answer = await fetch(address, {
    headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
    ...(signingUp ? { method: "POST", body: new FormData(form) } : {}),
  });
  if (answer.status === 422) throw new Refused(((await answer.json()) as { fault: string }).fault);
  if (!answer.ok) throw new Error(`options: ${answer.status}`);
  const given = (await answer.json()) as Record<string, { publicKey: Json }>;
  return (given.creation_options ?? given.request_options)!.publicKey;
}

const named = (list: unknown): PublicKeyCredentialDescriptor[] =>
  ((list ?? []) as { id: string; type: "public-key" }[]).map((one) => ({
    ...one,
    id: toBytes(one.id),
  }));

async function make(form: HTMLFormElement): Promise<Json> {
  const given = await options(form);
  const user = given.user as { id: string; name: string; displayName: string };
  const credential = (await navigator.credentials.create({
    publicKey: {
      ...given,
      challenge: toBytes(given.challenge as string),
      user: { ...user, id: toBytes(user.id) },
      excludeCredentials: named(given.excludeCredentials),
    } as unknown as PublicKeyCredentialCreationOptions,
  })) as PublicKeyCredential;
  const response = credential.response as AuthenticatorAttestationResponse;
  return {
    ...common(credential),
    response: {
      clientDataJSON: fromBytes(response.clientDataJSON),
      attestationObject: fromBytes(response.attestationObject),
      transports: response.getTransports(),
    },
  };
}

async function use(form: HTMLFormElement): Promise<Json> {
  const given = await options(form);
  const credential = (await navigator.credentials.get({
    publicKey: {
      ...given,
      challenge: toBytes(given.challenge as string),
      allowCredentials: named(given.allowCredentials),
    } as unknown as PublicKeyCredentialRequestOptions,
  })) as PublicKeyCredential;
  const response = credential.response as AuthenticatorAssertionResponse;
  return {
    ...common(credential),
    response: {
      clientDataJSON: fromBytes(response.clientDataJSON),
      authenticatorData: fromBytes(response.authenticatorData),
      signature: fromBytes(response.signature),
      userHandle: response.userHandle ? fromBytes(response.userHandle) : null,
    },
  };
}

function common(credential: PublicKeyCredential): Json {
  return {
    id: credential.id,
    rawId: fromBytes(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}
