/** Activities that do nothing. */
export const bareActivities = {
  place: async (id: string): Promise<string> => id,
  deliver: async (_id: string): Promise<void> => undefined,
  beginWindow: async (_id: string): Promise<void> => undefined,
};

export type BareActivities = typeof bareActivities;
