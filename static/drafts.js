// What is typed into a form with [data-draft] is kept in this browser until the server has it: over a
// lost log-in, a failure, a closed tab. It is offered, never put over what the form shows. Kept by
// person and by the form's address; gone after a log-out, after two weeks, and when it was taken.
(() => {
  "use strict";
  const person = document.body.dataset.person;
  const offerTemplate = document.getElementById("draft-offer");
  let store;
  try { store = window.localStorage; } catch { /* switched off */ }
  if (!person || !offerTemplate || !store) return;
  const OURS = `draft:${person}:`;
  const OLDEST_DAYS = 14;
  const REST_MS = 400; // after the last key
  const TEXTS = "textarea, input:is([type=text], [type=email], [type=tel], [type=url], [type=number], [type=search], [type=date], [type=time], [type=datetime-local], :not([type])), select:not([multiple])";

  // Kept as {id, at, fields: [[name, which of that name, value]]}

  const read = (key) => { try { return JSON.parse(store.getItem(key)); } catch { return null; } };
  function write(key, draft) { try { store.setItem(key, JSON.stringify(draft)); } catch { /* full */ } }
  const keys = () => Object.keys(store).filter((key) => key.startsWith(OURS));
  const keyOf = (form) => OURS + new URL(form.getAttribute("action") || location.href, location.href).pathname;

  const controls = (form) => [...form.elements].filter((one) => one.name && one.matches(TEXTS));
  const byName = (form, name) => [...form.elements].filter((one) => one.name === name);
  const shownAtFirst = (one) => (one.localName === "select"
    ? ([...one.options].find((option) => option.defaultSelected) || one.options[0] || { value: "" }).value
    : one.defaultValue);
  // A draft goes with the form's token, which makes it once, and with what was shown of its fields
  const goesAlong = (one) => one.type === "hidden" && (one.name === "token" || one.name.startsWith("shown"));

  // of a refused form, which shows at first what was typed
  const typedBefore = new WeakMap();
  const nameOf = (form, one) => `${byName(form, one.name).indexOf(one)} ${one.name}`;

  function typedIn(form) {
    const before = typedBefore.get(form) || [];
    const typed = controls(form).filter((one) => one.value !== shownAtFirst(one) || before.includes(nameOf(form, one)));
    if (!typed.length) return [];
    return [...form.elements].filter((one) => typed.includes(one) || goesAlong(one))
      .map((one) => [one.name, byName(form, one.name).indexOf(one), one.value]);
  }

  // Keep

  const timers = new Map();
  const ofThisPage = new Set();
  function keep(form) {
    clearTimeout(timers.get(form));
    timers.delete(form);
    // beside an offer that nobody has answered yet
    const key = keyOf(form) + (form.dataset.offered ? "+" : "");
    const fields = typedIn(form);
    if (!fields.length) {
      if (form.dataset.draft) store.removeItem(key);
      return;
    }
    if (!form.dataset.draft) form.dataset.draft = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(36)).join("");
    ofThisPage.add(form.dataset.draft);
    write(key, { id: form.dataset.draft, at: Date.now(), fields });
    let sent = form.querySelector("input[name=draft]");
    if (!sent) {
      sent = Object.assign(document.createElement("input"), { type: "hidden", name: "draft" });
      form.append(sent);
    }
    sent.value = form.dataset.draft;
  }
  function keepSoon(event) {
    const form = event.target.form;
    if (!form || !form.matches("[data-draft]")) return;
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => keep(form), REST_MS));
  }
  const keepAll = () => [...timers.keys()].forEach((form) => { if (form.isConnected) keep(form); });
  document.addEventListener("input", keepSoon);
  document.addEventListener("change", keepSoon);
  document.addEventListener("visibilitychange", keepAll);
  window.addEventListener("pagehide", keepAll);
  document.addEventListener("submit", keepAll, true);
  document.addEventListener("htmx:configRequest", keepAll);

  // Offer

  function offer(form) {
    const found = [keyOf(form), keyOf(form) + "+"].map((key) => [key, read(key)]).filter(([, draft]) => draft);
    const same = found.find(([, draft]) => !differs(form, draft));
    if (same) {
      form.dataset.draft = same[1].id;
      typedBefore.set(form, same[1].fields.map(([name, which]) => `${which} ${name}`));
    }
    const [key, draft] = found.find((each) => each !== same) || [];
    if (!key) return;
    // the page put the form anew while the person was at it
    if (ofThisPage.has(draft.id) && !typedIn(form).length) { restore(form, draft, key); return; }
    const bar = offerTemplate.content.firstElementChild.cloneNode(true);
    const texts = draft.fields.filter(([name]) => byName(form, name).some((one) => one.matches(TEXTS) && one.localName !== "select"));
    const longest = texts.map(([, , value]) => value).sort((one, other) => other.length - one.length)[0] || "";
    bar.querySelector("[data-when]").textContent = new Date(draft.at).toLocaleString(document.documentElement.lang.replace(/^en$/, "en-GB"), { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
    bar.querySelector("[data-what]").textContent = longest.length > 90 ? longest.slice(0, 90) + "…" : longest;
    form.dataset.offered = "yes";
    const answered = () => { bar.remove(); delete form.dataset.offered; };
    bar.querySelector("[data-restore]").addEventListener("click", () => { answered(); restore(form, draft, key).focus(); });
    bar.querySelector("[data-discard]").addEventListener("click", () => { answered(); store.removeItem(key); offer(form); });
    form.before(bar);
  }
  function differs(form, draft) {
    return draft.fields.some(([name, which, value]) => {
      const one = byName(form, name)[which];
      return one && one.matches(TEXTS) && one.value !== value;
    });
  }
  function restore(form, draft, key) {
    let first = form;
    draft.fields.forEach(([name, which, value]) => {
      const one = byName(form, name)[which];
      if (!one) return;
      one.value = value;
      if (one.type === "hidden") return;
      if (first === form) first = one;
      one.dispatchEvent(new Event("input", { bubbles: true }));
      one.dispatchEvent(new Event("change", { bubbles: true }));
    });
    if (key.endsWith("+")) store.removeItem(key);
    form.dataset.draft = draft.id;
    keep(form);
    return first;
  }

  // Drop what the server has taken, and what is too old

  function dropTaken(id) {
    keys().forEach((key) => { if ((read(key) || {}).id === id) store.removeItem(key); });
  }
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const { elt, formData } = detail.requestConfig || {};
    if (!elt || !elt.matches("[data-draft]") || detail.xhr.status >= 300) return;
    clearTimeout(timers.get(elt));
    timers.delete(elt);
    const id = elt.dataset.draft || formData.get("draft");
    if (id) dropTaken(id);
  });
  document.addEventListener("click", (event) => {
    const form = event.target.closest("[data-cancel]") && event.target.closest("form[data-draft]");
    if (form && form.dataset.draft) dropTaken(form.dataset.draft);
  });
  const taken = /(?:^|; )draft_taken=(\w+)/.exec(document.cookie);
  if (taken) {
    dropTaken(taken[1]);
    document.cookie = "draft_taken=; Max-Age=0; Path=/; SameSite=Lax" + (location.protocol === "https:" ? "; Secure" : "");
  }
  keys().forEach((key) => {
    if (Date.now() - ((read(key) || {}).at || 0) > OLDEST_DAYS * 24 * 3600 * 1000) store.removeItem(key);
  });

  // of the whole page at first, then of each new part
  document.addEventListener("htmx:load", ({ detail: { elt } }) => {
    if (elt.matches("form[data-draft]")) offer(elt);
    elt.querySelectorAll("form[data-draft]").forEach(offer);
  });
})();
