#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "apps/revops/command_snowflake.h"
#include "apps/revops/commands.h"
#include "apps/revops/control.h"
#include "apps/revops/demo.h"
#include "apps/revops/engine.h"
#include "apps/revops/import_client.h"
#include "apps/revops/import_worker.h"
#include "apps/revops/rates_file.h"
#include "apps/revops/readiness.h"
#include "apps/revops/server.h"
#include "apps/revops/worker_process.h"

namespace revops::app {
namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kWrongUsage = 2;
constexpr std::chrono::seconds kLockPatience{10};
constexpr std::chrono::seconds kLeftoverPatience{1};

struct GlobalOptions {
  std::string data = "data";
  std::string config;
  std::string now;
  std::string listen;
};

int Report(const Result<void>& result) {
  if (result) return kDone;
  std::fprintf(stderr, "revops: %s\n", Describe(result.error()).c_str());
  return kFailed;
}

Result<void> WriteStdout(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) {
    return {};
  }
  return Fail(ErrorCode::kUnavailable, "cannot write to standard output");
}

Result<std::unique_ptr<Clock>> MakeClock(const GlobalOptions& options) {
  if (options.now.empty()) return std::unique_ptr<Clock>(std::make_unique<SystemClock>());
  const auto now = ParseInstant(options.now);
  if (!now) {
    return Fail(ErrorCode::kInvalidArgument,
                "--now takes an instant in UTC such as 2026-11-22T10:00:00Z");
  }
  return std::unique_ptr<Clock>(std::make_unique<FrozenClock>(*now));
}

DataFolder Folder(const GlobalOptions& options) {
  return {std::filesystem::absolute(options.data)};
}

Result<Settings> ReadSettings(const GlobalOptions& options) {
  const DataFolder folder = Folder(options);
  if (!options.config.empty() && !std::filesystem::exists(options.config)) {
    return Fail(ErrorCode::kNotFound, "there is no configuration file " + options.config);
  }
  return LoadSettings(
      options.config.empty() ? folder.config_file() : std::filesystem::path(options.config),
      [&options](const std::string& name) -> std::optional<std::string> {
        if (name == "REVOPS_LISTEN" && !options.listen.empty()) return options.listen;
        return ReadEnvironment(name);
      });
}

/// What the command is about must be there, unless it is what makes it: a folder that is a slip of
/// the pen would look healthy.
Result<void> CheckFolder(const DataFolder& folder, const Settings& settings,
                         const std::string& command) {
  const bool makes_it = command == "init" || command == "import" || command == "backfill";
  if (makes_it || folder.exists()) return {};
  const bool asks_store = command == "verify" || command == "snapshots";
  if (asks_store ? settings.s3.has_value() : settings.snowflake.has_value()) return {};
  return Fail(ErrorCode::kNotFound, "there is no data folder at " + folder.path.string() +
                                        ": `revops init` makes one, --data names another");
}

/// Runs a command where the warehouse is open: in the process that serves the folder, or here. One
/// that is just starting or ending is waited for.
Result<void> RunWhereTheWarehouseIs(const GlobalOptions& options, const CommandRequest& request,
                                    CommandIo& io, bool sends_input) {
  REVOPS_TRY_ASSIGN(const auto clock, MakeClock(options));
  SystemRandom random;
  const DataFolder folder = Folder(options);
  const auto give_up_at = std::chrono::steady_clock::now() + kLockPatience;
  for (;;) {
    REVOPS_TRY_ASSIGN(const auto client, ControlClient::Connect(folder));
    if (client) return client->Run(request, io, sends_input);
    REVOPS_TRY_ASSIGN(Settings settings, ReadSettings(options));
    REVOPS_TRY(CheckFolder(folder, settings, request.name));
    auto engine = Engine::Open(folder, std::move(settings), *clock, random);
    if (engine) return RunCommand(**engine, request, io);
    if (engine.error().code != ErrorCode::kAlreadyExists ||
        std::chrono::steady_clock::now() > give_up_at) {
      return Fail(engine.error());
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

Result<void> RunPlainCommand(const GlobalOptions& options, const CommandRequest& request) {
  CommandIo io{WriteStdout, [] { return Result<std::string>(std::string()); }, {}};
  return RunWhereTheWarehouseIs(options, request, io, false);
}

Result<void> RunImportCommand(const GlobalOptions& options, const ImportOptions& import) {
  REVOPS_TRY_ASSIGN(const Settings settings, ReadSettings(options));
  REVOPS_TRY_ASSIGN(const auto rates, ReadRates(settings));
  return ImportFiles(import,
                     {Folder(options).mappings_folder(), rates, settings.definitions.currency},
                     [&](const CommandRequest& request, CommandIo& io) {
                       return RunWhereTheWarehouseIs(options, request, io, true);
                     });
}

Result<void> RunDemo(const GlobalOptions& options, const DemoOptions& demo) {
  REVOPS_TRY_ASSIGN(const auto clock, MakeClock(options));
  SystemRandom random;
  REVOPS_TRY(MakeDemo(Folder(options), demo, *clock, random));
  return WriteStdout("The demo company is in " + Folder(options).path.string() + ".\n");
}

Result<void> RunSnowflakeSetup(const GlobalOptions& options, const SnowflakeSetupOptions& setup) {
  SystemClock clock;
  SystemRandom random;
  REVOPS_TRY_ASSIGN(const Settings settings, ReadSettings(options));
  REVOPS_TRY_ASSIGN(const std::string text, SetUpSnowflake(setup, settings, clock, random));
  return WriteStdout(text);
}

/// A process that was killed is survived for a moment by a worker that it was just starting, which
/// holds the lock until it is under way.
Result<std::unique_ptr<Engine>> OpenForServing(const GlobalOptions& options, const Clock& clock,
                                               Random& random) {
  const auto give_up_at = std::chrono::steady_clock::now() + kLeftoverPatience;
  for (;;) {
    REVOPS_TRY_ASSIGN(Settings settings, ReadSettings(options));
    auto engine = Engine::Open(Folder(options), std::move(settings), clock, random);
    if (engine || engine.error().code != ErrorCode::kAlreadyExists ||
        std::chrono::steady_clock::now() > give_up_at) {
      return engine;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

Result<void> Serve(const GlobalOptions& options) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  REVOPS_TRY_ASSIGN(const auto clock, MakeClock(options));
  REVOPS_TRY_ASSIGN(const Settings settings, ReadSettings(options));
  SystemRandom random;
  const std::string host = settings.listen.host;
  REVOPS_TRY_ASSIGN(auto engine, OpenForServing(options, *clock, random));
  REVOPS_TRY_ASSIGN(const auto server, Server::Start(std::move(engine)));
  const std::string shown = host.find(':') == std::string::npos ? host : "[" + host + "]";
  REVOPS_TRY(
      WriteStdout("Listening on http://" + shown + ":" + std::to_string(server->port()) + "\n"));
  NotifyReady();
  int received = 0;
  sigwait(&signals, &received);
  server->Stop();
  return {};
}

/// The command line: declares every command and remembers what the chosen one does.
class CommandLine {
 public:
  CommandLine() : app_("RevOps dashboard: sales pipeline from FCT_SALES") {
    app_.require_subcommand(1);
    app_.fallthrough();
    app_.add_option("--data", options_.data, "Folder that holds everything it keeps")
        ->capture_default_str();
    app_.add_option("--config", options_.config, "Configuration file (default: DATA/revops.toml)");
    app_.add_option("--now", options_.now, "Freeze the clock at this instant (demos, tests)")
        ->check([](const std::string& text) {
          return std::string(ParseInstant(text) ? ""
                                                : "not an instant such as 2026-11-22T10:00:00Z");
        });
    app_.failure_message([this](const CLI::App*, const CLI::Error& error) {
      return "revops: " + Explain(error) + "; see revops --help\n";
    });
    AddSetUp();
    AddWarehouse();
    AddHistory();
    AddInspection();
    const std::string footer = CLI::Formatter().make_group("Options of every command", false,
                                                           std::as_const(app_).get_options());
    for (CLI::App* command : app_.get_subcommands({})) command->footer(footer);
  }

  int Run(int argc, char** argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return app_.exit(error) == 0 ? kDone : kWrongUsage;
    }
    const Result<void> result = action_();
    const int status = Report(result);
    const bool is_blameless = !result && result.error().code == ErrorCode::kUnavailable;
    return is_worker_ && is_blameless ? kWorkerUnavailable : status;
  }

 private:
  std::string Explain(const CLI::Error& error) const {
    const std::vector<std::string> words = app_.remaining();
    if (words.empty() || !app_.get_subcommands().empty()) return error.what();
    std::string commands;
    for (const CLI::App* command : app_.get_subcommands({})) {
      if (command->get_group().empty()) continue;
      commands += (commands.empty() ? "" : ", ") + command->get_name();
    }
    return "unknown command '" + words[0] + "'; the commands are " + commands;
  }

  CLI::App* Add(const std::string& name, const std::string& help,
                std::function<Result<void>()> action) {
    CLI::App* command = app_.add_subcommand(name, help);
    command->callback([this, action = std::move(action)] { action_ = action; });
    return command;
  }

  /// A command that runs where the warehouse is, with its arguments in `request_`.
  CLI::App* AddPlain(const std::string& name, const std::string& help) {
    return Add(name, help, [this, name] {
      request_.name = name;
      return RunPlainCommand(options_, request_);
    });
  }

  CLI::Option* AddArgument(CLI::App* command, const std::string& flag, const std::string& name,
                           const std::string& help) {
    return command->add_option_function<std::string>(
        flag, [this, name](const std::string& value) { request_.arguments[name] = value; }, help);
  }

  void AddSetUp() {
    CLI::App* init = AddPlain("init", "Create the data folder and an empty FCT_SALES");
    init->add_flag_callback(
        "--sample", [this] { request_.arguments["sample"] = "1"; }, "Add the eight sample rows");
    CLI::App* demo = Add("demo", "Fill a new data folder with a made-up company",
                         [this] { return RunDemo(options_, demo_); });
    demo->add_option("--seed", demo_.seed, "Which company")->capture_default_str();
    demo->add_option("--nights", demo_.nights, "Nightly snapshots to make")
        ->check(CLI::Range(1, 700))
        ->capture_default_str();
    CLI::App* serve =
        Add("serve", "Serve the page and the API", [this] { return Serve(options_); });
    serve->add_option("--listen", options_.listen, "ADDRESS:PORT (default 127.0.0.1:8080)")
        ->check([](const std::string& text) {
          return ParseListenAddress(text)
                     ? std::string()
                     : "'" + text + "' is not ADDRESS:PORT, e.g. 127.0.0.1:8080";
        });
    Add("version", "Print the version", [] {
      return WriteStdout("revops " + ProgramVersion() + ", duckdb " + warehouse::DuckDbVersion() +
                         "\n");
    });
  }

  void AddWarehouse() {
    CLI::App* import =
        Add("import", "Take rows from CSV, Excel, Parquet or JSON-lines files", [this] {
          if (!undoes_) return RunImportCommand(options_, import_);
          return RunPlainCommand(options_, {"undo-import", {}});
        });
    CLI::Option* file =
        import->add_option("FILE", import_.files, "Files of one kind, with any column names")
            ->required();
    import->add_flag_callback(
        "--undo",
        [this, file] {
          undoes_ = true;
          file->required(false);
        },
        "Take the newest import back: the table as it was before");
    import->add_option("--mapping", import_.mapping,
                       "The mapping to read them under (default: the one that is remembered for "
                       "their columns, else a guess)");
    import
        ->add_option("--answer", import_.answers,
                     "Answer to a question, such as date_order=day_month_year; one each time")
        ->allow_extra_args(false);
    import->add_flag("--preview", import_.preview,
                     "Print what the rows would become, and write nothing");
    CLI::Option* mode = import->add_option("--mode", import_.mode, "append, replace or upsert")
                            ->check(CLI::IsMember({"append", "replace", "upsert"}))
                            ->capture_default_str();
    import
        ->add_option("--as-of", import_.as_of,
                     "The files are of that earlier day (2026-09-01, or from-name): snapshots of "
                     "history are made of them, the table stays")
        ->excludes(mode);
    import->add_flag("--skip-refused", import_.skip_refused,
                     "Take the good rows although some are refused");
    CLI::App* watch = Add("watch", "Import the files that are dropped into a folder",
                          [this] { return RunPlainCommand(options_, request_); });
    watch
        ->add_option_function<std::string>(
            "DIR",
            [this](const std::string& folder) {
              request_ = {"watch", {{"folder", std::filesystem::absolute(folder).string()}}};
            },
            "The folder; files go from there to its folders imported and refused")
        ->required();
    CLI::App* sql = AddPlain("sql", "Run one statement on the embedded warehouse");
    AddArgument(sql, "STATEMENT", "statement", "The statement")->required();
    AddArgument(sql, "--format", "format", "table, json or csv")
        ->check(CLI::IsMember({"table", "json", "csv"}));
    CLI::App* process = Add("process", "Run the nightly job once and print its report", [this] {
      request_.name = "process";
      if (!options_.now.empty()) request_.arguments["now"] = options_.now;
      return RunPlainCommand(options_, request_);
    });
    process->add_flag_callback(
        "--full", [this] { request_.arguments["full"] = "1"; },
        "Read every row and write every object anew: mends what `revops verify` found");
    AddSnowflake();
  }

  void AddSnowflake() {
    CLI::App* snowflake = app_.add_subcommand("snowflake", "Snowflake as the warehouse");
    snowflake->require_subcommand(1);
    CLI::App* setup = snowflake->add_subcommand(
        "setup", "Print what an account needs: database, table, warehouse, role, user");
    setup->callback([this] { action_ = [this] { return RunSnowflakeSetup(options_, setup_); }; });
    setup->add_flag("--apply", setup_.apply,
                    "Run it with the configured credentials, those of an administrator");
    setup->add_flag("--sample", setup_.sample, "Add the eight sample rows");
    setup->add_option("--service-user", setup_.service_user, "The user to make")
        ->capture_default_str();
    setup->add_option("--service-role", setup_.service_role, "The role to make")
        ->capture_default_str();
    setup->add_option("--public-key", setup_.public_key_file,
                      "File of the user's public key (PEM)");
    CLI::Option* role = setup->add_option("--aws-role", setup_.aws_role,
                                          "ARN of the role of AWS that signs in as the user");
    role->needs(setup
                    ->add_option("--aws-issuer", setup_.aws_issuer,
                                 "URL that the tokens of the role's AWS account come from")
                    ->needs(role));
  }

  void AddHistory() {
    CLI::App* snapshots = AddPlain("snapshots", "List the stored snapshots");
    AddArgument(snapshots, "--format", "format", "table, json or csv")
        ->check(CLI::IsMember({"table", "json", "csv"}));
    AddPlain("verify", "Check every stored byte against its hash");
    CLI::App* restore = AddPlain("restore", "Rebuild FCT_SALES from a snapshot");
    AddArgument(restore, "ID", "id", "A snapshot of `revops snapshots`")->required();
    CLI::App* backup = app_.add_subcommand("backup", "Write everything into one tar file");
    backup->callback([this] { action_ = [this] { return RunPlainCommand(options_, request_); }; });
    backup
        ->add_option_function<std::string>(
            "FILE",
            [this](const std::string& file) {
              request_ = {"backup", {{"file", std::filesystem::absolute(file).string()}}};
            },
            "The tar file to write")
        ->required();
  }

  void AddInspection() {
    AddPlain("doctor", "Check configuration, warehouse, store, clock and schedule");
    CLI::App* worker = Add("import-worker", "", [this] {
      is_worker_ = true;
      return RunImportWorker(worker_);
    });
    worker->group("");
    worker->add_option("--ending", worker_.ending);
    worker->add_flag("--inspect", worker_.inspects);
    worker->add_option("--rates", worker_.rates);
    worker->add_option("--rates-into", worker_.rates_target);
  }

  CLI::App app_;
  GlobalOptions options_;
  CommandRequest request_;
  DemoOptions demo_;
  ImportOptions import_;
  bool undoes_ = false;
  bool is_worker_ = false;
  SnowflakeSetupOptions setup_;
  ImportWorkerOptions worker_;
  std::function<Result<void>()> action_;
};

}  // namespace
}  // namespace revops::app

int main(int argc, char** argv) {
  prctl(PR_SET_NAME, "revops");  // A packed program would be called by the name of its loader.
  umask(S_IRWXG | S_IRWXO);      // Whatever is made here holds somebody's sales.
  return revops::app::CommandLine().Run(argc, argv);
}
