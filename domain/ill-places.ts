import type { Language } from './languages.ts';
import type { LibraryPolicy } from './policy.ts';
import type { Branch, Weekday } from './policy-places.ts';
import { weekdays } from './policy-places.ts';

type Places = Pick<LibraryPolicy, 'branches' | 'ill'>;

/** Where requests are picked up, in one language (I19). */
export interface PickupPlaceShown {
  readonly code: string;
  readonly name: string;
  readonly campus: string | null;
  readonly building: string | null;
  /** The desk or window in the building. */
  readonly window: string | null;
  readonly address: string;
  readonly phone: string;
  /** When it is open, in the library's own words; null: see `week`. */
  readonly hours: string | null;
  /** The branch's opening hours, Monday first; a day without is closed. */
  readonly week: readonly { readonly weekday: Weekday; readonly opens: string; readonly closes: string }[];
}

/** The codes of the places where requests are picked up; a library that offers no interlibrary loan has none. */
export function pickupCodes({ ill, branches }: Places): string[] {
  if (ill === 'none') return [];
  const stated = ill.requests.pickup.map(({ place }) => place);
  return stated.length > 0 ? stated : branches.map(({ code }) => code);
}

/** A pickup place in words (I19); one that has left the policy is undefined. */
export function pickupPlaceShown(
  { ill, branches }: Places,
  code: string,
  language: Language,
): PickupPlaceShown | undefined {
  const branch = branches.find((each) => each.code === code);
  if (!branch) return undefined;
  const stated = ill === 'none' ? undefined : ill.requests.pickup.find(({ place }) => place === code);
  return {
    code,
    name: branch.name[language],
    campus: stated?.campus?.[language] ?? null,
    building: stated?.building?.[language] ?? null,
    window: stated?.window?.[language] ?? null,
    address: branch.address,
    phone: stated?.phone ?? branch.phone,
    hours: stated?.hours?.[language] ?? null,
    week: weekOf(branch),
  };
}

function weekOf({ hours }: Branch): PickupPlaceShown['week'] {
  return weekdays.flatMap((weekday) => {
    const day = hours[weekday];
    return day ? [{ weekday, opens: day.opens, closes: day.closes }] : [];
  });
}
