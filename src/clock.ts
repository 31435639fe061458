/** The current time; an argument wherever time matters, so that tests can set it. */
export type Clock = () => Date;
