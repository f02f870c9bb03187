// SPDX-License-Identifier: Apache-2.0
#include "cli/job_commands.hpp"

#include "cli/agent_control.hpp"
#include "cli/annotate.hpp"
#include "cli/meta_data.hpp"

namespace ostler::cli {
namespace {

constexpr Command kJobCommands[] = {
    {"annotate", "Puts a text beside the build, or changes it", annotate},
    {"annotation remove", "Removes a text from beside the build", annotation_remove},
    {"meta-data set", "Sets a key of the build", meta_data_set},
    {"meta-data set-batch", "Sets keys of the build, all or none", meta_data_set_batch},
    {"meta-data get", "Prints the value of a key", meta_data_get},
    {"meta-data exists", "Exits with 0 when a key exists, with 100 when not", meta_data_exists},
    {"meta-data keys", "Prints every key, one per line", meta_data_keys},
    {"pause", "Gives the agent that runs this job no more jobs", pause_agent},
    {"resume", "Lets the agent that runs this job take jobs again", resume_agent},
    {"stop", "Ends the agent that runs this job", stop_agent},
};

}  // namespace

std::span<const Command> job_commands() { return kJobCommands; }

}  // namespace ostler::cli
