/** Colours are those of the page's theme: light, dark and print follow by themselves. */
const muted = "var(--muted)";
const text = { color: muted, fontSize: 12 };

export function categoryAxis(names: readonly string[]) {
  return {
    type: "category" as const,
    data: [...names],
    axisLabel: { ...text, hideOverlap: true, width: 150, overflow: "truncate" as const },
    axisLine: { lineStyle: { color: "var(--line)" } },
    axisTick: { show: false },
  };
}

export function valueAxis(format?: (value: number) => string) {
  return {
    type: "value" as const,
    axisLabel: format === undefined ? text : { ...text, formatter: format },
    splitLine: { lineStyle: { color: "var(--grid)" } },
    splitNumber: 4,
  };
}

export function lineSeries(name: string, data: readonly (number | null)[], color: string) {
  return {
    type: "line" as const,
    name,
    data: [...data],
    silent: true,
    symbol: data.length > 40 ? "none" : "circle",
    symbolSize: 5,
    lineStyle: { color, width: 2 },
    itemStyle: { color, borderColor: color },
    connectNulls: true,
  };
}

export function barSeries(name: string, data: readonly number[], color: string) {
  return {
    type: "bar" as const,
    name,
    data: [...data],
    silent: true,
    barMaxWidth: 26,
    itemStyle: { color },
  };
}

/** `1234567` → `1.2M`, for the narrow space at an axis. */
export function short(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e9) return `${Number((value / 1e9).toFixed(1))}G`;
  if (size >= 1e6) return `${Number((value / 1e6).toFixed(1))}M`;
  if (size >= 1e3) return `${Number((value / 1e3).toFixed(1))}k`;
  return String(Number(value.toFixed(2)));
}
