import { useFormat } from './format-context.js';
import './Money.css';

/** An amount in a table: in full where its panel is wide, short in a narrow one. @param {{ amount: string | null }} props */
export function Money({ amount }) {
  const format = useFormat();
  if (amount === null) {
    return (
      <span className="missing">
        <span aria-hidden="true">–</span>
        <span className="visually-hidden">no value</span>
      </span>
    );
  }
  return (
    <>
      <span className="money-full">{format.money(amount)}</span>
      <span className="money-short">{format.moneyCompact(amount)}</span>
    </>
  );
}
