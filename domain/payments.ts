/**
 * How something is paid (P3): in cash or by campus card at the desk; out of the reader's balance; by an internal transfer between departments (校内转账单); by bank
 * transfer; online at a gateway. Which of them a library offers stands in its policy.
 */
export const paymentMeans = ['cash', 'card', 'credit', 'transfer', 'bank', 'online'] as const;

export type PaymentMeans = (typeof paymentMeans)[number];

/**
 * `open`: the money is to come; `submitted`: proof of it waits for staff; `settled`: booked; `refused`: staff did not accept the proof, for good; `expired`: nothing
 * came in time; `cancelled`: the reader or staff gave it up. Money that comes after an end is booked all the same, and settles the payment.
 */
export const paymentStates = ['open', 'submitted', 'settled', 'refused', 'expired', 'cancelled'] as const;

export type PaymentState = (typeof paymentStates)[number];
