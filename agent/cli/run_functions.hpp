// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/commands.hpp"

namespace ostler::cli {

int run_agent_start(const Arguments& arguments);
int run_agent_list(const Arguments& arguments);
int run_agent_show(const Arguments& arguments);
int run_agent_pause(const Arguments& arguments);
int run_agent_resume(const Arguments& arguments);
int run_agent_stop(const Arguments& arguments);
int run_agent_detach(const Arguments& arguments);
int run_complete(const Arguments& arguments);
int run_completion(const Arguments& arguments);
int run_doctor(const Arguments& arguments);
int run_down(const Arguments& arguments);
int run_help(const Arguments& arguments);
int run_hub(const Arguments& arguments);
int run_hub_backup(const Arguments& arguments);
int run_hub_check(const Arguments& arguments);
int run_hub_restore(const Arguments& arguments);
int run_job_checkout(const Arguments& arguments);
int run_job_artifacts(const Arguments& arguments);
int run_job_cache(const Arguments& arguments);
int run_job_http(const Arguments& arguments);
int run_job_plugins(const Arguments& arguments);
int run_job_report(const Arguments& arguments);
int run_list_branches(const Arguments& arguments);
int run_login(const Arguments& arguments);
int run_pipeline_convert_to_json(const Arguments& arguments);
int run_pipeline_create(const Arguments& arguments);
int run_pipeline_archive(const Arguments& arguments);
int run_pipeline_unarchive(const Arguments& arguments);
int run_pipeline_delete(const Arguments& arguments);
int run_pipeline_lint(const Arguments& arguments);
int run_pipeline_list(const Arguments& arguments);
int run_pipeline_show(const Arguments& arguments);
int run_pipeline_update(const Arguments& arguments);
int run_plugin_check(const Arguments& arguments);
int run_plugin_install(const Arguments& arguments);
int run_plugin_list(const Arguments& arguments);
int run_plugin_lock(const Arguments& arguments);
int run_plugin_new(const Arguments& arguments);
int run_plugin_publish(const Arguments& arguments);
int run_plugin_remove(const Arguments& arguments);
int run_plugin_dev(const Arguments& arguments);
int run_plugin_run(const Arguments& arguments);
int run_plugin_schema(const Arguments& arguments);
int run_plugin_show(const Arguments& arguments);
int run_plugin_sign(const Arguments& arguments);
int run_plugin_test(const Arguments& arguments);
int run_plugin_verify(const Arguments& arguments);
int run_queue_create(const Arguments& arguments);
int run_queue_delete(const Arguments& arguments);
int run_service_list(const Arguments& arguments);
int run_service_show(const Arguments& arguments);
int run_service_log(const Arguments& arguments);
int run_service_stop(const Arguments& arguments);
int run_queue_list(const Arguments& arguments);
int run_queue_pause(const Arguments& arguments);
int run_queue_resume(const Arguments& arguments);
int run_queue_update(const Arguments& arguments);
int run_run(const Arguments& arguments);
int run_secret_delete(const Arguments& arguments);
int run_secret_list(const Arguments& arguments);
int run_secret_set(const Arguments& arguments);
int run_token_create(const Arguments& arguments);
int run_token_list(const Arguments& arguments);
int run_token_revoke(const Arguments& arguments);
int run_up(const Arguments& arguments);
int run_version(const Arguments& arguments);
int run_whoami(const Arguments& arguments);

int artifact_download(const Arguments& arguments, agent_client::Transport& transport);
int artifact_search(const Arguments& arguments, agent_client::Transport& transport);
int artifact_shasum(const Arguments& arguments, agent_client::Transport& transport);
int artifact_upload(const Arguments& arguments, agent_client::Transport& transport);
int pipeline_upload(const Arguments& arguments, agent_client::Transport& transport);

}  // namespace ostler::cli
