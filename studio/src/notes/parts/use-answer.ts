import { useEffect, useState } from "preact/hooks";

/** What an asynchronous computation of the given inputs answers: the last answer until the next one is there. */
export function useAnswer<T>(compute: () => Promise<T>, inputs: readonly unknown[]): T | undefined {
  const [answer, setAnswer] = useState<T>();
  useEffect(() => {
    let wanted = true;
    void compute().then((value) => {
      if (wanted) setAnswer(() => value);
    });
    return () => {
      wanted = false;
    };
  }, inputs);
  return answer;
}
