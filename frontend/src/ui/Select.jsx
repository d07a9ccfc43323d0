import './Select.css';

/**
 * A native list of choices.
 * @param {Omit<React.SelectHTMLAttributes<HTMLSelectElement>, 'onChange'> & {
 *   choices: (readonly [value: string, title: string])[], onChange: (value: string) => void,
 * }} props
 */
export const Select = ({ choices, onChange, className = '', ...rest }) => (
  <select className={`select ${className}`} onChange={(event) => onChange(event.target.value)} {...rest}>
    {choices.map(([value, title]) => <option key={value} value={value}>{title}</option>)}
  </select>
);
