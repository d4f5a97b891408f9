// The size of an element, kept current.
import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The size of an element, in pixels of CSS, as it changes; 0 before it is there. */
export function useSize(element: RefObject<Element | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const own = element.current;
    if (own === null) return;
    const look = () => {
      const next = { width: own.clientWidth, height: own.clientHeight };
      setSize((old) => (old.width === next.width && old.height === next.height ? old : next));
    };
    look();
    const watch = new ResizeObserver(look);
    watch.observe(own);
    return () => watch.disconnect();
  }, []);
  return size;
}
