/** English function words and the words of polite requests. Words that tool names are made of, such as get or user, are not among them. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    "a about above after again all also am an and any are as at be because been before being below between both but by " +
    "can could did do does doing down during each few for from further had has have having he her here hers him his how " +
    "i if in into is it its just let like may me might more most must my need no nor not now of off on once only or other our " +
    "out over own please same she should so some such than that the their them then there these they this those through to too " +
    "under until up upon very want was we were what when where which while who whom why will with within would you your"
  ).split(" "),
);
