// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ostler::pipeline {

/// Where a plugin comes from, written out: "docker#v1" is
/// "github.com/buildkite-plugins/docker-buildkite-plugin#v1" and "org/name#v2" is
/// "github.com/org/name-buildkite-plugin#v2"; longer names, URLs and paths are themselves.
/// Source: job-lifecycle 4.2.
std::string full_plugin_source(std::string_view source);

}  // namespace ostler::pipeline
