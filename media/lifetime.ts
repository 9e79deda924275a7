// When a figure is near the screen and when it is not, and when the page has time: figures far away give
// their pixels back.

export interface Watched {
  entered(): void;
  left(): void;
}

/** Watches an element with a margin of one screen, until the signal aborts. */
export function watchVisibility(element: Element, watched: Watched, signal: AbortSignal): void {
  let near = false;
  const observer = new IntersectionObserver(
    entries => {
      const now = entries.at(-1)?.isIntersecting ?? false;
      if (now === near) return;
      near = now;
      if (near) watched.entered();
      else watched.left();
    },
    { rootMargin: '100%' },
  );
  observer.observe(element);
  signal.addEventListener('abort', () => observer.disconnect());
}

/** Watches the content width in CSS px. */
export function watchWidth(element: Element, changed: (width: number) => void, signal: AbortSignal): void {
  let last = -1;
  const observer = new ResizeObserver(entries => {
    const width = Math.floor(entries.at(-1)?.contentRect.width ?? 0);
    if (width === last || width === 0) return;
    last = width;
    changed(width);
  });
  observer.observe(element);
  signal.addEventListener('abort', () => observer.disconnect());
}

/** Calls back when the device pixel ratio changes: another screen, or the browser's zoom. */
export function watchPixelRatio(changed: () => void, signal: AbortSignal): void {
  const arm = () => {
    const query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    query.addEventListener('change', onChange, { signal, once: true });
  };
  const onChange = () => {
    changed();
    arm();
  };
  arm();
}

/** Runs once the page is idle, unless the signal aborts first. */
export function whenIdle(run: () => void, signal: AbortSignal): void {
  if (signal.aborted) return;
  // Safari has no requestIdleCallback.
  if (typeof requestIdleCallback === 'function') {
    const id = requestIdleCallback(run, { timeout: 5000 });
    signal.addEventListener('abort', () => cancelIdleCallback(id));
  } else {
    const id = setTimeout(run, 1000);
    signal.addEventListener('abort', () => clearTimeout(id));
  }
}
