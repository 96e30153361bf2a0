/** What a member of staff may be (A13). A role sees and does only its part; an administrator of a library may do all of it. */
export const staffRoles = ['desk', 'ill-librarian', 'cashier', 'administrator', 'operator'] as const;

export type StaffRole = (typeof staffRoles)[number];

/** Who does something: a reader, an applicant (by the application's id), a member of staff, or the system itself when a clock runs out. Written to every event. */
export type Actor = `patron:${string}` | `applicant:${string}` | `staff:${string}` | 'system';
