/** Where people act on requests and on other libraries' requests. */
export const requestAct = (id: string, act: string): string => `/v1/staff/requests/${id}/${act}`;
export const supplyAct = (id: string, act: string): string => `/v1/staff/outside-requests/${id}/${act}`;
