// What pages do beyond HTML: copy buttons, and times in the reader's zone. Everything works without it.
for (const button of document.querySelectorAll('button[data-copy]')) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    const source = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText(source.textContent);
    button.dataset.done = '';
    setTimeout(() => delete button.dataset.done, 2000);
  });
}

for (const time of document.querySelectorAll('time[datetime]')) {
  const at = new Date(time.dateTime);
  time.title = at.toLocaleString(document.documentElement.lang, { dateStyle: 'full', timeStyle: 'medium' });
}
