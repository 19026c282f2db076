// Makes and uses passkeys. A form with `data-passkey` asks for a challenge, has the browser answer it, and is sent with
// the answer. Without this script, or in a browser without passkeys, such a form stays hidden.
const knows = typeof PublicKeyCredential === 'function' && PublicKeyCredential.parseCreationOptionsFromJSON;

async function answer({ dataset }, fields) {
  const response = await fetch(dataset.challenge, { method: 'POST', body: new URLSearchParams(fields) });
  // The form is sent without an answer. Then the server says which fields are wrong.
  if (!response.ok) return '';
  const options = await response.json();
  const isNew = dataset.passkey === 'create';
  const publicKey = isNew
    ? PublicKeyCredential.parseCreationOptionsFromJSON(options)
    : PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const credential = await navigator.credentials[dataset.passkey]({ publicKey });
  return JSON.stringify(credential.toJSON());
}

if (knows) {
  for (const form of document.querySelectorAll('form[data-passkey]')) {
    form.hidden = false;
    const failed = form.querySelector('[role=alert]');
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      failed.hidden = true;
      try {
        form.elements.answer.value = await answer(form, new FormData(form));
        form.submit();
      } catch {
        failed.hidden = false;
      }
    });
  }
  for (const note of document.querySelectorAll('[data-no-passkeys]')) note.hidden = true;
}
