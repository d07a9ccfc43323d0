import { queryOptions, useQuery } from '@tanstack/react-query';
import { appendFilter, chosenOf } from '../lib/url-state.js';
import { request } from './client.js';

/**
 * @typedef {import('./types').Filter} Filter
 * @typedef {{ dimension: string, filter: Filter, asOf: string }} PipelineQuestion
 */

/**
 * @param {PipelineQuestion & { signal?: AbortSignal }} question
 * @returns {Promise<import('./types').PipelineAnswer>}
 */
export function fetchPipeline({ dimension, filter, asOf, signal }) {
  const params = new URLSearchParams();
  appendFilter(params, filter);
  params.append('as_of', asOf);
  return request(`/api/pipeline/by-${dimension}?${params}`, { signal });
}

/** @param {PipelineQuestion} question the answer of one snapshot never changes */
export const pipelineQuery = (question) =>
  queryOptions({
    queryKey: ['pipeline', question.dimension, question.asOf, chosenOf(question.filter)],
    queryFn: ({ signal }) => fetchPipeline({ ...question, signal }),
    staleTime: Infinity,
  });

/** @param {PipelineQuestion & { enabled?: boolean }} question */
export const usePipeline = ({ enabled = true, ...question }) => useQuery({ ...pipelineQuery(question), enabled });
