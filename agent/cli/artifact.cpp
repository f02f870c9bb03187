// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <thread>

#include "agent_client/api_request.hpp"
#include "artifact/download.hpp"
#include "artifact/find.hpp"
#include "artifact/upload.hpp"
#include "cli/artifact_scope.hpp"
#include "cli/exit.hpp"
#include "cli/job_command.hpp"
#include "cli/options.hpp"
#include "cli/run_functions.hpp"

namespace ostler::cli {
namespace {

constexpr std::size_t kDownloadsPerProcessor = 10;
constexpr std::size_t kMostDownloads = 64;  // at once

std::size_t processors() { return std::max(1u, std::thread::hardware_concurrency()); }

// Progress is for people; what a script reads would go to standard output.
void tell(const std::string& sentence) { remark(sentence); }

constexpr const char* kDestinationHelp =
    "A store of your own, s3://, gs:// or rt:// with BUCKET/PREFIX, or a URL of Azure's; left out: "
    "the server's";

struct UploadFlags {
  std::string paths;
  std::size_t concurrency = processors();
  bool no_multipart = false;
  std::string name;
  artifact::FindOptions find;
  artifact::UploadOptions upload;

  void add_to(CLI::App& app) {
    take_common_flags(app);
    take_job(app, upload.job);
    app.add_option("paths", paths, "Globs, separated by the delimiter")->required();
    app.add_option("destination", upload.destination, kDestinationHelp)
        ->envname("BUILDKITE_ARTIFACT_UPLOAD_DESTINATION");
    app.add_option("--content-type", upload.content_type, "Media type of all files")
        ->envname("BUILDKITE_ARTIFACT_CONTENT_TYPE");
    app.add_flag("--literal", find.literal, "Paths are names, not globs")
        ->envname("BUILDKITE_AGENT_ARTIFACT_LITERAL");
    app.add_option("--delimiter", find.delimiter, "Between paths; empty: one path")
        ->envname("BUILDKITE_AGENT_ARTIFACT_DELIMITER")
        ->capture_default_str();
    app.add_flag("--glob-resolve-follow-symlinks", find.follow_directory_links,
                 "Enter directories through symbolic links")
        ->envname("BUILDKITE_AGENT_ARTIFACT_GLOB_RESOLVE_FOLLOW_SYMLINKS");
    app.add_flag("--upload-skip-symlinks", find.skip_file_links, "Leave out links to files")
        ->envname("BUILDKITE_ARTIFACT_UPLOAD_SKIP_SYMLINKS");
    app.add_option("--concurrency", concurrency, "Uploads at once")
        ->envname("BUILDKITE_ARTIFACT_UPLOAD_CONCURRENCY")
        ->check(CLI::Range(1, 256));
    app.add_option("--name", name, "The path is one file, and shown as this")->group("");
    app.add_flag("--no-multipart-artifact-upload", no_multipart, "Upload each file in one piece")
        ->envname("BUILDKITE_NO_MULTIPART_ARTIFACT_UPLOAD");
  }
};

Result<std::vector<artifact::FoundFile>> files_of(const UploadFlags& flags) {
  if (!flags.name.empty()) {
    return std::vector<artifact::FoundFile>{{flags.name, flags.paths, flags.paths}};
  }
  return artifact::find_files(flags.paths, flags.find, std::filesystem::current_path(), tell);
}

Result<void> upload(UploadFlags flags, agent_client::Transport& transport) {
  OSTLER_TRY(const auto files, files_of(flags));
  if (files.empty()) {
    tell("No files matched paths: " + flags.paths);
    return success();
  }
  if (flags.upload.job.empty()) {
    return Error(Errc::UserFault, "no job: set BUILDKITE_JOB_ID or give --job");
  }
  flags.upload.multipart = !flags.no_multipart;
  flags.upload.batch.threads = flags.concurrency;
  flags.upload.batch.user_agent = agent_client::user_agent();
  return artifact::upload(files, flags.upload, transport, tell);
}

constexpr const char* kDownloadElsewhere =
    "Example:\n"
    "  ostler artifact download 'dist/*' . --step test\n"
    "Outside of jobs \"ostler artifact download GLOB DIRECTORY --build BUILD\" downloads those of "
    "any\n"
    "build: BUILD is PIPELINE/NUMBER, an id or a URL, and the token that of a person (ostler "
    "login).\n";

struct DownloadFlags {
  std::string query;
  std::string directory;
  artifact::DownloadOptions download;

  void add_to(CLI::App& app) {
    take_common_flags(app);
    take_artifact_scope(app, download.search);
    app.add_option("query", query, "Glob over artifact paths")->required();
    app.add_option("destination", directory, "Existing directory to write to")->required();
    app.add_flag("--no-s3-multipart-download")->group("");  // no artifact is fetched in parts
  }
};

Result<void> download(DownloadFlags flags, agent_client::Transport& transport) {
  flags.download.threads = std::min(kDownloadsPerProcessor * processors(), kMostDownloads);
  flags.download.user_agent = agent_client::user_agent();
  OSTLER_TRY(artifact::download(flags.query, flags.directory, flags.download, transport, tell));
  return success();
}

}  // namespace

int artifact_upload(const Arguments& arguments, agent_client::Transport& transport) {
  CLI::App app("Uploads files of a job to the server", "artifact upload");
  UploadFlags flags;
  flags.add_to(app);
  app.footer(
      "Examples:\n"
      "  ostler artifact upload 'dist/**/*'\n"
      "  ostler artifact upload 'report.md;logs/*.txt' --content-type text/plain     of both "
      "globs\n");
  if (const auto ended = read_options(app, arguments)) return *ended;
  return end_in_job(upload(std::move(flags), transport));
}

int artifact_download(const Arguments& arguments, agent_client::Transport& transport) {
  CLI::App app("Downloads artifacts of a build", "artifact download");
  DownloadFlags flags;
  flags.add_to(app);
  app.footer(kDownloadElsewhere);
  if (const auto ended = read_options(app, arguments)) return *ended;
  return end_in_job(download(std::move(flags), transport));
}

}  // namespace ostler::cli
