// Our whole own script: focus, busy state, announcements, drafts, the network. Works under the strict CSP.
// Without it every page still works; with it nothing typed is lost when the network is.
(() => {
  const root = document.documentElement;
  const on = (name, act) => document.addEventListener(name, act);
  const say = (text) => {
    const place = document.getElementById('status');
    if (!place || !text) return;
    place.textContent = '';
    setTimeout(() => { place.textContent = text; }, 60);
  };

  // While something is fetched, its place says so; CSS shows it after 300 ms only.
  on('htmx:before:request', (event) => {
    const { target } = event.detail.ctx;
    if (target instanceof Element) target.setAttribute('aria-busy', 'true');
  });
  on('htmx:finally:request', () => {
    document.querySelectorAll('[aria-busy]').forEach((each) => each.removeAttribute('aria-busy'));
  });

  // After a swap the reader is taken to what matters: trouble first, then what is new.
  const arrive = () => {
    const place = document.querySelector('[data-trouble]') || document.querySelector('[data-focus]');
    if (place) {
      place.removeAttribute('data-trouble');
      place.removeAttribute('data-focus');
      if (!place.hasAttribute('tabindex')) place.tabIndex = -1;
      place.focus();
      place.scrollIntoView({ block: 'nearest' });
    }
    // After an act on a part of the page, the reader is back at that part.
    document.querySelectorAll('[data-place]').forEach((each) => {
      document.getElementById(each.dataset.place)?.scrollIntoView();
      each.removeAttribute('data-place');
    });
    document.querySelectorAll('[data-say]').forEach((each) => {
      say(each.dataset.say);
      each.removeAttribute('data-say');
    });
  };
  on('htmx:after:swap', (event) => {
    const { ctx } = event.detail;
    const form = ctx.sourceElement;
    if (form && form.matches && form.matches('form[data-empties]') && ctx.response.status < 400) {
      form.reset();
      const key = form.elements.namedItem('key');
      if (key) key.value = crypto.randomUUID ? crypto.randomUUID() : '';
    }
    arrive();
  });
  arrive();

  // An act made every other form about the same thing out of date: they take on its new version.
  on('stafetten:version', (event) => {
    const { of, version } = event.detail;
    document.querySelectorAll('input[name="version"]').forEach((each) => {
      if (each.dataset.of === of) each.value = version;
    });
  });

  on('htmx:error', () => say(root.dataset.offline));

  // Menus close on Escape and when one clicks elsewhere.
  on('click', (event) => {
    document.querySelectorAll('details.menu[open]').forEach((each) => {
      if (!each.contains(event.target)) each.open = false;
    });
  });
  on('keydown', (event) => {
    const menu = event.key === 'Escape' && document.querySelector('details.menu[open]');
    if (menu) {
      menu.open = false;
      menu.querySelector('summary').focus();
    }
  });

  // A form with an address for drafts keeps what is typed on the server, five seconds after the last key.
  const waiting = new WeakMap();
  const keep = async (form) => {
    waiting.delete(form);
    const place = form.querySelector('[data-draft-status]');
    const tell = (text) => { if (place) place.textContent = text; };
    try {
      const answer = await fetch(form.dataset.draftUrl, {
        method: 'PUT',
        body: new URLSearchParams(new FormData(form)),
        headers: { 'HX-Request': 'true' },
      });
      if (!answer.ok) throw new Error(answer.status);
      form.dataset.failures = 0;
      tell(await answer.text());
    } catch {
      form.dataset.failures = Number(form.dataset.failures || 0) + 1;
      if (form.dataset.failures > 1) tell(root.dataset.offline);
    }
  };
  on('input', (event) => {
    const form = event.target.closest && event.target.closest('form[data-draft-url]');
    if (!form) return;
    clearTimeout(waiting.get(form));
    waiting.set(form, setTimeout(() => keep(form), 5000));
  });
  on('submit', (event) => clearTimeout(waiting.get(event.target)));
  // The second click of a double click sends nothing more, however fast the first was answered.
  document.addEventListener('click', (event) => {
    if (event.detail > 1 && event.target.closest && event.target.closest('form button:not([type="button"])')) {
      event.preventDefault();
    }
  }, true);
  // A button with an address of its own («keep as a draft») goes there; htmx would send the form to the form's.
  document.addEventListener('submit', (event) => {
    if (event.submitter && event.submitter.hasAttribute('formaction')) event.stopPropagation();
  }, true);
})();
