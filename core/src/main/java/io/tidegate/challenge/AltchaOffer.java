package io.tidegate.challenge;

/** What both of ALTCHA's protocols say of a challenge, where a client cannot change it. */
interface AltchaOffer {

  /** The upper half of the id that is claimed. */
  long idHigh();

  /** The lower half. */
  long idLow();

  /** The id of the key that signed. */
  String key();

  /** Of action and subject, as hex. */
  String binding();

  /** In seconds of the epoch. */
  long issued();

  /** In seconds of the epoch. */
  long expires();

  /** How many digests it takes on average. */
  long work();
}
