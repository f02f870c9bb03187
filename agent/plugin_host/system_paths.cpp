// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/system_paths.hpp"

namespace ostler::plugin_host {
namespace {

/// What a dynamic linker, a C library and its locales, time zones and certificates read.
constexpr std::pair<const char*, const char*> kSystem[] = {
    {"/lib", "read"},
    {"/lib64", "read"},
    {"/usr/lib", "read"},
    {"/usr/lib64", "read"},
    {"/usr/local/lib", "read"},
    {"/usr/share", "read"},
    {"/etc/ld.so.cache", "read"},
    {"/etc/localtime", "read"},
    {"/etc/ssl/certs", "read"},
    {"/etc/ssl/openssl.cnf", "read"},
    {"/etc/pki/tls/certs", "read"},
    {"/etc/pki/ca-trust", "read"},
    {"/dev/null", "write"},
    {"/dev/zero", "read"},
    {"/dev/full", "write"},
    {"/dev/random", "read"},
    {"/dev/urandom", "read"},
};

/// What turns the name of a host into its address.
constexpr const char* kNames[] = {"/etc/gai.conf",    "/etc/host.conf",     "/etc/hosts",
                                  "/etc/networks",    "/etc/nsswitch.conf", "/etc/protocols",
                                  "/etc/resolv.conf", "/etc/services"};

}  // namespace

supervise::Pairs system_paths(bool network) {
  supervise::Pairs paths(std::begin(kSystem), std::end(kSystem));
  if (!network) return paths;
  for (const char* name : kNames) paths.emplace_back(name, "read");
  return paths;
}

}  // namespace ostler::plugin_host
