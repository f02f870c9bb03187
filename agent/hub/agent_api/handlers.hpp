// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/agent_api/call.hpp"

// The handlers of the route table, by the file that holds them.
namespace ostler::agent_api {

// metrics.cpp
/// What the agent token is that the call is made with.
Answer describe_token(const Backend& backend, Call call);

// sessions.cpp
Answer register_agent(const Backend& backend, Call call);
Answer connect(const Backend& backend, Call call);
Answer disconnect(const Backend& backend, Call call);
Answer ping(const Backend& backend, Call call);
Answer heartbeat(const Backend& backend, Call call);

// ping_stream.cpp
Answer stream_pings(const Backend& backend, Call call);

// agent_control.cpp
Answer pause_agent(const Backend& backend, Call call);
Answer resume_agent(const Backend& backend, Call call);
Answer stop_agent(const Backend& backend, Call call);

// jobs.cpp
Answer accept(const Backend& backend, Call call);
/// Gives the agent the job that it names, whatever its tags and queue.
Answer acquire(const Backend& backend, Call call);
Answer start(const Backend& backend, Call call);
Answer append_chunk(const Backend& backend, Call call);
/// Agents of version 3 that put no times into the log say here when each of its sections began.
/// That is not kept.
Answer ignore_header_times(const Backend& backend, Call call);
Answer job_state(const Backend& backend, Call call);
Answer finish(const Backend& backend, Call call);

// meta_data.cpp
Answer set_meta_datum(const Backend& backend, Call call);
Answer set_meta_data_batch(const Backend& backend, Call call);
Answer get_meta_datum(const Backend& backend, Call call);
Answer meta_datum_exists(const Backend& backend, Call call);
Answer meta_data_keys(const Backend& backend, Call call);

// pipelines.cpp
Answer upload_pipeline(const Backend& backend, Call call);
Answer pipeline_upload_status(const Backend& backend, Call call);

// annotations.cpp
Answer annotate(const Backend& backend, Call call);
Answer remove_annotation(const Backend& backend, Call call);

// plugins.cpp
Answer download_plugin(const Backend& backend, Call call);

// events.cpp
Answer keep_events(const Backend& backend, Call call);

// plugin_locks.cpp
Answer take_lock(const Backend& backend, Call call);
Answer leave_lock(const Backend& backend, Call call);

// plugin_states.cpp
Answer get_plugin_state(const Backend& backend, Call call);
Answer change_plugin_state(const Backend& backend, Call call);
Answer list_plugin_state_keys(const Backend& backend, Call call);

// caches.cpp
Answer describe_cache_registry(const Backend& backend, Call call);
Answer peek_cache(const Backend& backend, Call call);
Answer retrieve_cache(const Backend& backend, Call call);
Answer store_cache(const Backend& backend, Call call);
Answer commit_cache(const Backend& backend, Call call);
Answer expire_cache(const Backend& backend, Call call);

// steps.cpp
Answer export_step(const Backend& backend, Call call);
Answer update_step(const Backend& backend, Call call);
Answer cancel_step(const Backend& backend, Call call);
Answer cancel_build(const Backend& backend, Call call);

// job_orders.cpp
Answer update_job(const Backend& backend, Call call);
Answer promise_failure(const Backend& backend, Call call);

// artifacts.cpp
Answer create_artifacts(const Backend& backend, Call call);
Answer update_artifacts(const Backend& backend, Call call);
Answer search_artifacts(const Backend& backend, Call call);

// secrets.cpp
Answer queues_metrics(const Backend& backend, Call call);
Answer queue_metrics(const Backend& backend, Call call);

Answer get_secret(const Backend& backend, Call call);
Answer put_secret(const Backend& backend, Call call);
Answer request_repository_token(const Backend& backend, Call call);

// oidc.cpp
Answer request_oidc_token(const Backend& backend, Call call);

}  // namespace ostler::agent_api
