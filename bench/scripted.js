// The scripted answer: Klarna's internal error for the sessions that meet a condition, which all of them do.

/** The condition: a field of the body, and its value. */
export const CONDITION = { field: 'merchant_reference1', value: 'SHOP-UNLUCKY' };

/** The answer. Its status is one that the contract has for every operation. */
export const ANSWER = {
  status: 500,
  body: {
    error_code: 'INTERNAL_ERROR',
    error_messages: ['Something went wrong.'],
    correlation_id: '6e1f7b3a-7c1d-4f0e-8b55-0d1a2c9f4e21',
  },
};

/** Returns a step that meets the condition. */
export const unlucky = (step) => ({
  ...step,
  body: { ...step.body, [CONDITION.field]: CONDITION.value },
  status: ANSWER.status,
});
