import { createContext, useContext } from 'react';
import { createFormat } from '../lib/format.js';

/** The workspace's formats: locale, currency and time zone of /api/metrics, these until it has answered. */
export const FormatContext = createContext(createFormat({ locale: 'en-GB', currency: null, zone: 'UTC' }));

export const useFormat = () => useContext(FormatContext);
