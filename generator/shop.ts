import { mix } from "./random.js";

/** The shop that all files tell about. Everything is a function of the seed, so nothing has to be kept. */
export interface Shop {
  readonly seed: number;
  readonly users: number;
  readonly products: number;
  readonly sessionsADay: number;
  /** Midnight (UTC, in milliseconds) of the first day. */
  readonly start: number;
}

export interface Session {
  readonly id: string;
  readonly user: number;
  /** Milliseconds. */
  readonly start: number;
  readonly seconds: number;
  readonly country: number;
  readonly bits: number;
}

export const DAY_MS = 86_400_000;

export const countries = ["VN", "US", "GB", "DE", "FR", "JP", "BR", "IN", "PL", "ES"] as const;
export const cities = [
  "Đà Nẵng",
  "New York",
  "London",
  "München",
  "Orléans",
  "東京",
  "São Paulo",
  "Bengaluru",
  "Łódź",
  "A Coruña",
] as const;
export const categories = [
  "electronics",
  "fashion",
  "home",
  "beauty",
  "sports",
  "toys",
  "books",
  "grocery",
] as const;
export const browsers = ["Chrome", "Safari", "Firefox", "Edge"] as const;
export const devices = ["desktop", "mobile", "tablet", "smart-tv"] as const;
export const userAgents = [
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/133.0.0.0 Safari/537.36",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.2 Mobile/15E148 Safari/604.1",
  "Mozilla/5.0 (X11; Linux x86_64; rv:134.0) Gecko/20100101 Firefox/134.0",
  "shop-app/4.2 (Android 15)",
] as const;
export const referrers = [
  "https://www.google.com/",
  "https://ads.example.net/campaign/7",
  "https://www.facebook.com/",
  "https://social.example.org/post/42",
  "direct",
  "https://blog.example.com/best-lamps",
] as const;

export const userId = (user: number): string => `u_${String(user + 1).padStart(6, "0")}`;
export const productId = (product: number): string => `p_${String(product + 1).padStart(3, "0")}`;

/** A popular product now and then, any product mostly. */
export function someProduct(shop: Shop, share: number): number {
  return Math.floor(share * share * shop.products);
}

/** Price in cents: between 0.99 and 999.99. */
export function priceCents(shop: Shop, product: number): number {
  const bits = mix(shop.seed, 21, product);
  return bits % 10 === 0 ? 10_000 + ((bits >>> 8) % 89_999) : 99 + ((bits >>> 8) % 9_900);
}

export function sessionOf(shop: Shop, day: number, index: number): Session {
  const bits = mix(shop.seed, 31, day, index);
  const more = mix(bits, 5);
  return {
    id: `s_${day}_${index.toString(36).padStart(5, "0")}`,
    user: bits % shop.users,
    start: shop.start + day * DAY_MS + (more % 80_000) * 1000,
    seconds: 20 + ((more >>> 7) % 3_000),
    country: userCountry(shop, bits % shop.users),
    bits: more,
  };
}

export function userCountry(shop: Shop, user: number): number {
  return mix(shop.seed, 41, user) % countries.length;
}

export function ipOf(bits: number): string {
  return `${11 + (bits % 180)}.${(bits >>> 8) & 255}.${(bits >>> 16) & 255}.${1 + ((bits >>> 3) % 250)}`;
}

export const money = (cents: number): string =>
  `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;

const dates = new Map<number, string>();
const twoDigits = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, "0"));

/** `2026-01-05T10:00:00Z`, or with a blank and no zone: both are UTC by contract. */
export function timeText(ms: number, zone: boolean): string {
  const second = Math.floor((ms % DAY_MS) / 1000);
  const clock = `${twoDigits[Math.floor(second / 3600)]}:${twoDigits[Math.floor(second / 60) % 60]}:${twoDigits[second % 60]}`;
  return zone ? `${dateText(ms)}T${clock}Z` : `${dateText(ms)} ${clock}`;
}

/** The day of a time after 1970, in UTC. */
export function dateText(ms: number): string {
  const day = Math.floor(ms / DAY_MS);
  let text = dates.get(day);
  if (text === undefined) {
    text = new Date(ms).toISOString().slice(0, 10);
    dates.set(day, text);
  }
  return text;
}
