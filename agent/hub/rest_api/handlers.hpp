// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/rest_api/call.hpp"

// The handlers of the route table, by the file that holds them.
namespace ostler::rest_api {

// account.cpp
Answer get_meta(const Backend& backend, Call call);
Answer get_access_token(const Backend& backend, Call call);
Answer delete_access_token(const Backend& backend, Call call);
Answer get_rate_limit(const Backend& backend, Call call);
Answer get_user(const Backend& backend, Call call);
Answer list_organizations(const Backend& backend, Call call);
Answer get_organization(const Backend& backend, Call call);
Answer list_emojis(const Backend& backend, Call call);

// members.cpp
Answer list_members(const Backend& backend, Call call);
Answer get_member(const Backend& backend, Call call);

// agents.cpp
Answer list_agents(const Backend& backend, Call call);
Answer get_agent(const Backend& backend, Call call);
Answer stop_agent(const Backend& backend, Call call);
Answer pause_agent(const Backend& backend, Call call);
Answer resume_agent(const Backend& backend, Call call);

// clusters.cpp
Answer list_clusters(const Backend& backend, Call call);
Answer get_cluster(const Backend& backend, Call call);
Answer create_cluster(const Backend& backend, Call call);
Answer update_cluster(const Backend& backend, Call call);
Answer delete_cluster(const Backend& backend, Call call);

// queues.cpp
Answer list_queues(const Backend& backend, Call call);
Answer get_queue(const Backend& backend, Call call);
Answer create_queue(const Backend& backend, Call call);
Answer update_queue(const Backend& backend, Call call);
Answer delete_queue(const Backend& backend, Call call);
Answer pause_queue(const Backend& backend, Call call);
Answer resume_queue(const Backend& backend, Call call);

// agent_tokens.cpp
Answer list_agent_tokens(const Backend& backend, Call call);
Answer get_agent_token(const Backend& backend, Call call);
Answer create_agent_token(const Backend& backend, Call call);
Answer update_agent_token(const Backend& backend, Call call);
Answer delete_agent_token(const Backend& backend, Call call);

// secrets.cpp
Answer list_secrets(const Backend& backend, Call call);
Answer get_secret(const Backend& backend, Call call);
Answer create_secret(const Backend& backend, Call call);
Answer update_secret(const Backend& backend, Call call);
Answer set_secret_value(const Backend& backend, Call call);
Answer delete_secret(const Backend& backend, Call call);

// plugins.cpp
Answer list_plugins(const Backend& backend, Call call);
Answer publish_plugin(const Backend& backend, Call call);

// pipelines.cpp
Answer list_pipelines(const Backend& backend, Call call);
Answer create_pipeline(const Backend& backend, Call call);
Answer get_pipeline(const Backend& backend, Call call);
Answer update_pipeline(const Backend& backend, Call call);

// pipeline_archive.cpp
Answer archive_pipeline(const Backend& backend, Call call);
Answer unarchive_pipeline(const Backend& backend, Call call);

// pipeline_deletion.cpp
Answer delete_pipeline(const Backend& backend, Call call);

// repository_webhook.cpp
Answer create_repository_webhook(const Backend& backend, Call call);

// builds.cpp
Answer list_builds(const Backend& backend, Call call);
Answer get_build(const Backend& backend, Call call);
Answer cancel_build(const Backend& backend, Call call);

// build_creation.cpp
Answer create_build(const Backend& backend, Call call);
Answer rebuild(const Backend& backend, Call call);

// step_uploads.cpp
Answer list_step_uploads(const Backend& backend, Call call);
Answer get_step_upload(const Backend& backend, Call call);

// job_list.cpp
Answer list_jobs(const Backend& backend, Call call);

// jobs.cpp
Answer get_job(const Backend& backend, Call call);
Answer get_env(const Backend& backend, Call call);
Answer get_env_text(const Backend& backend, Call call);

// retries.cpp
Answer retry_job(const Backend& backend, Call call);
Answer retry_failed_jobs(const Backend& backend, Call call);

// unblocking.cpp
Answer unblock_job(const Backend& backend, Call call);

// job_changes.cpp
Answer cancel_job(const Backend& backend, Call call);
Answer reprioritize_job(const Backend& backend, Call call);
Answer delete_log(const Backend& backend, Call call);

// job_waits.cpp
Answer explain_job(const Backend& backend, Call call);

// logs.cpp
Answer get_log(const Backend& backend, Call call);
Answer get_log_text(const Backend& backend, Call call);
Answer get_log_html(const Backend& backend, Call call);

// events.cpp
Answer stream_build_events(const Backend& backend, Call call);
Answer stream_log(const Backend& backend, Call call);

// annotations.cpp
Answer list_annotations(const Backend& backend, Call call);
// job_events.cpp
Answer list_job_events(const Backend& backend, Call call);
Answer create_annotation(const Backend& backend, Call call);
Answer delete_annotation(const Backend& backend, Call call);

// artifacts.cpp
Answer list_artifacts(const Backend& backend, Call call);
Answer get_artifact(const Backend& backend, Call call);
Answer delete_artifact(const Backend& backend, Call call);
Answer download_artifact(const Backend& backend, Call call);

}  // namespace ostler::rest_api
