// Starts the program of a packed release with the C library that it was built with, on systems
// that have an older one. The program itself would ask for the system's loader, so this one, which
// is static, asks for the loader that lies beside it:
//
//   bin/revops                     this
//   lib/ld-linux-x86-64.so.2       the loader; lib/ has every library that it will look for
//   lib/revops                     the program
//   share/                         zones and certificates, for systems without
//
// ld.so(8) describes the loader's options.

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include <limits.h>

namespace {

/// Without /proc, or with a path that the loader would misread, there is nothing to start.
[[noreturn]] void Refuse(const char* what, const char* why) {
  std::fprintf(stderr, "revops: cannot start %s: %s\n", what, why);
  std::exit(1);
}

struct Path {
  Path(const char* folder, const char* name) {
    const int size = std::snprintf(text, sizeof text, "%s%s", folder, name);
    if (size < 0 || static_cast<std::size_t>(size) >= sizeof text) {
      Refuse(folder, "the path is too long; move the folder");
    }
  }

  char text[PATH_MAX];
};

Path OwnPath() {
  Path path("", "");
  const ssize_t size = readlink("/proc/self/exe", path.text, sizeof path.text - 1);
  if (size < 0) Refuse("without /proc", std::strerror(errno));
  path.text[size] = '\0';
  return path;
}

Path FolderOf(const Path& path) {
  Path folder("", path.text);
  if (char* slash = std::strrchr(folder.text, '/')) *slash = '\0';
  return folder;
}

bool IsReadable(const char* path) { return access(path, R_OK) == 0; }

/// What the system has is newer, or its administrator's choice; unless it has only a part, as
/// Debian 13 does, which keeps old names such as this one in a package of its own.
void LendZones(const Path& folder) {
  if (IsReadable("/usr/share/zoneinfo/US/Pacific")) return;
  setenv("TZDIR", Path(folder.text, "/share/zoneinfo").text, 0);
}

void LendCertificates(const Path& folder) {
  // Where the program looks: core/net/client_tls.cc.
  for (const char* file : {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                           "/etc/ssl/cert.pem"}) {
    if (IsReadable(file)) return;
  }
  if (std::getenv("SSL_CERT_DIR") != nullptr) return;
  setenv("SSL_CERT_FILE", Path(folder.text, "/share/ca-bundle.pem").text, 0);
}

}  // namespace

int main(int argc, char** argv) {
  const Path self = OwnPath();
  const Path folder = FolderOf(FolderOf(self));
  if (std::strpbrk(folder.text, ":;$") != nullptr) {
    Refuse(folder.text, "the loader cannot read a path with : ; or $; move the folder");
  }
  LendZones(folder);
  LendCertificates(folder);
  // By this the program starts itself once more; its own file would be the loader.
  setenv("REVOPS_LAUNCHER", self.text, 1);

  Path loader(folder.text, "/lib/ld-linux-x86-64.so.2");
  Path libraries(folder.text, "/lib");
  Path program(folder.text, "/lib/revops");
  char inhibit_cache[] = "--inhibit-cache";
  char library_path[] = "--library-path";
  char argv0[] = "--argv0";
  char name[] = "revops";
  std::vector<char*> words = {loader.text, inhibit_cache, library_path, libraries.text,
                              argv0,       name,          program.text};
  if (argc > 1) words.insert(words.end(), argv + 1, argv + argc);
  words.push_back(nullptr);
  execv(loader.text, words.data());
  Refuse(loader.text, std::strerror(errno));
}
