// SPDX-License-Identifier: Apache-2.0
#include "cli/job_commands.hpp"

#include "cli/agent_control.hpp"
#include "cli/annotate.hpp"
#include "cli/env.hpp"
#include "cli/git_credentials.hpp"
#include "cli/job.hpp"
#include "cli/lock.hpp"
#include "cli/meta_data.hpp"
#include "cli/oidc.hpp"
#include "cli/redactor.hpp"
#include "cli/secret.hpp"
#include "cli/step.hpp"

namespace ostler::cli {
namespace {

constexpr Command kJobCommands[] = {
    {"annotate", "Puts a text beside the build, or changes it", annotate},
    {"annotation remove", "Removes a text from beside the build", annotation_remove},
    {"build cancel", "Cancels the build of this job", build_cancel},
    {"job update", "Changes an attribute of this job", job_update},
    {"job promise-failure", "Promises that this job will fail", job_promise_failure},
    {"meta-data set", "Sets a key of the build", meta_data_set},
    {"meta-data set-batch", "Sets keys of the build, all or none", meta_data_set_batch},
    {"meta-data get", "Prints the value of a key", meta_data_get},
    {"meta-data exists", "Exits with 0 when a key exists, with 100 when not", meta_data_exists},
    {"meta-data keys", "Prints every key, one per line", meta_data_keys},
    {"pause", "Gives the agent that runs this job no more jobs", pause_agent},
    {"resume", "Lets the agent that runs this job take jobs again", resume_agent},
    {"stop", "Ends the agent that runs this job", stop_agent},
    {"secret get", "Prints secrets of the cluster", secret_get},
    {"git-credentials-helper", "Answers git with the server's token for a repository",
     git_credentials_helper},
    {"oidc request-token", "Prints an identity token of the job", oidc_request_token},
    {"redactor add", "Hides texts in the job's log", redactor_add},
    {"lock acquire", "Waits for a lock of this machine", lock_acquire},
    {"lock release", "Releases a lock", lock_release},
    {"lock do", "Asks whether to do what shall be done once", lock_do},
    {"lock done", "Says that it is done", lock_done},
    {"lock get", "Prints the state of a lock", lock_get},
    {"env get", "Prints variables of the job", env_get},
    {"env set", "Sets variables of the job", env_set},
    {"env unset", "Removes variables of the job", env_unset},
    {"env dump", "Prints the environment of this process", env_dump},
    {"step get", "Prints an attribute of a step", step_get},
    {"step update", "Changes an attribute of a step", step_update},
    {"step cancel", "Cancels the jobs of a step", step_cancel},
};

}  // namespace

std::span<const Command> job_commands() { return kJobCommands; }

}  // namespace ostler::cli
