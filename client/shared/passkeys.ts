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
    const made = form.dataset.passkey === "add" ? await make(form) : await use(form);
    field.value = JSON.stringify(made);
    form.submit();
  } catch (error) {
    explain(form, reason(error));
    go.disabled = false;
  }
}

function reason(error: unknown): string {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "InvalidStateError") return "taken";
  if (name === "NotAllowedError" || name === "AbortError") return "refused";
  return name === "NotSupportedError" || name === "SecurityError" ? "unsupported" : "broken";
}

function explain(form: HTMLFormElement, why: string | null): void {
  const line = form.querySelector<HTMLElement>("[data-passkey-fault]");
  if (!line) return;
  line.hidden = why === null;
  line.textContent = why === null ? "" : (line.dataset[why] ?? "");
}

async function options(form: HTMLFormElement): Promise<Json> {
  const address = form.dataset.options;
  if (!address) {
    const data = document.getElementById("passkey-options")?.textContent ?? "";
    const parsed = JSON.parse(data) as Record<string, { publicKey: Json }>;
    return (parsed.creation_options ?? parsed.request_options)!.publicKey;
  }
  const answer = await fetch(address, {
    headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
  });
  if (!answer.ok) throw new Error(`options: ${answer.status}`);
  return ((await answer.json()) as { request_options: { publicKey: Json } }).request_options.publicKey;
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
