import type { Sql } from '../database/sql.ts';
import { notFound } from '../inputChecks.ts';
import { maskPersonalData } from '../maskPersonalData.ts';
import { done, type Outcome, refused } from '../mutationOutcome.ts';
import { checkMessage, type MessageCode, type MessageInput, readName, toStorable } from './checkComplaint.ts';
import { lockComplaint } from './repository.ts';
import { insertMessage } from './threadRepository.ts';
import { markPending, storeTriages } from './triageRepository.ts';
import type { TextTriage } from './triager.ts';

/** Checks a message without the store; throws BAD_USER_INPUT for a text the store cannot hold. */
export function checkNewMessage(input: MessageInput): Outcome<MessageInput, MessageCode> {
  const errors = checkMessage(input);
  if (errors.length > 0) return refused(...errors);
  return done({ ...input, agent: readName('agent', input.agent), text: toStorable(input.text) });
}

/** Adds a checked message to a thread, with its triage; yields the complaint's id. */
export async function addMessage(
  tx: Sql,
  message: MessageInput,
  { triage, isLeft }: TextTriage,
  now: Date,
): Promise<Outcome<number, MessageCode>> {
  const { complaintId, text } = message;
  const complaint = await lockComplaint(tx, complaintId);
  if (complaint === null) return refused(notFound('Complaint', complaintId, ['input', 'complaintId']));
  const messageId = await insertMessage(tx, {
    ...message,
    maskedText: maskPersonalData(text),
    createdAt: now,
  });
  if (triage !== null) await storeTriages(tx, [{ complaintId, messageId, triage }], now);
  if (isLeft) await markPending(tx, complaintId);
  return done(complaintId);
}
