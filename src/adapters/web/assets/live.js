// What pages do beyond HTML: copy buttons, times in the reader's zone, a search in a list, and what changes by itself.
// Everything works without it.
for (const button of document.querySelectorAll('button[data-copy]')) {
  const label = button.textContent;
  button.hidden = navigator.clipboard === undefined;
  button.addEventListener('click', async () => {
    const source = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = button.dataset.done;
    setTimeout(() => {
      button.textContent = label;
    }, 2000);
  });
}

function tellTimes(root) {
  for (const time of root.querySelectorAll('time[datetime]')) {
    const at = new Date(time.dateTime);
    const inZone = (dateStyle) =>
      at.toLocaleString(document.documentElement.lang, { dateStyle, timeStyle: 'medium' });
    time.title = inZone('full');
    if (time.dataset.exact !== undefined) time.textContent = inZone('medium');
  }
}
tellTimes(document);

for (const field of document.querySelectorAll('input[data-filter]')) {
  const list = document.getElementById(field.dataset.filter);
  field.parentElement.hidden = false;
  field.addEventListener('input', () => {
    const wanted = field.value.trim().toLowerCase();
    for (const group of list.querySelectorAll('.group')) {
      const choices = [...group.querySelectorAll('label')];
      for (const choice of choices) choice.hidden = !choice.textContent.toLowerCase().includes(wanted);
      group.hidden = choices.every((choice) => choice.hidden);
    }
  });
  // People press Enter after a search. That must not send the form.
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') event.preventDefault();
  });
}

// The markup is from our own server, which has escaped what is in it.
for (const place of document.querySelectorAll('[data-live]')) {
  const source = new EventSource(place.dataset.live);
  source.addEventListener('message', ({ data }) => {
    place.innerHTML = data;
    tellTimes(place);
  });
}
