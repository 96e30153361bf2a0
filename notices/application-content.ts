/** What was applied for, in the applicant's language. Instants are epoch milliseconds, links http or https addresses. */
export interface ApplicationData {
  readonly procedure: string;
}

export interface ApplicationConfirmData extends ApplicationData {
  readonly url: string;
  readonly statusUrl: string;
  readonly validUntil: number;
}

export interface ApplicationReceivedData extends ApplicationData {
  readonly statusUrl: string;
  /** By when staff decide. */
  readonly due?: number | undefined;
  readonly phone: string;
}

export interface ApplicationRefusedData extends ApplicationData {
  /** What staff wrote. */
  readonly remark: string;
}

export interface ApplicationTurnData extends ApplicationRefusedData {
  readonly statusUrl: string;
  readonly validUntil: number;
}

export interface ApplicationApprovedData extends ApplicationData {
  readonly card: string;
  readonly newAccount: boolean;
  /** `YYYY-MM-DD`. */
  readonly validUntil?: string | undefined;
}

export interface ApplicationOverdueData extends ApplicationData {
  readonly applicationId: string;
  readonly submittedAt: number;
  readonly due: number;
}

/** What each notice about an application tells. */
export interface ApplicationNoticeData {
  readonly 'application-confirm': ApplicationConfirmData;
  readonly 'application-received': ApplicationReceivedData;
  readonly 'application-question': ApplicationTurnData;
  readonly 'application-rejected': ApplicationTurnData;
  readonly 'application-refused': ApplicationRefusedData;
  readonly 'application-approved': ApplicationApprovedData;
  readonly 'application-merged': ApplicationData;
  readonly 'application-lapsed': ApplicationData;
  readonly 'application-overdue': ApplicationOverdueData;
}
