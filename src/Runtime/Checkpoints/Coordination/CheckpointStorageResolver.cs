using Microsoft.Extensions.DependencyInjection;
using Penstock.Connectors;
using Penstock.Generator.Shared;
using Penstock.Tasks;

namespace Penstock.Checkpoints;

/// <summary>Resolves the storage for <c>Checkpoints:Path</c>: none, a folder, or a location with a scheme.</summary>
internal static class CheckpointStorageResolver
{
    public static ICheckpointStorage Of(ExecutionEnvironment environment) => environment.Options.Checkpoints.Path is { } path
        ? Remote(environment, path, "Checkpoints:Path") ?? new FolderStorage(environment.Files, path, environment.Name)
        : new FolderStorage(new MemoryFileSystem(), "memory", environment.Name);

    /// <summary>Returns the same storage for another node of the job, which needs no lock since it publishes nothing.</summary>
    /// <exception cref="PipelineException">No storage is configured.</exception>
    public static ICheckpointStorage OfNode(ExecutionEnvironment environment)
    {
        var path = environment.Options.Checkpoints.Path ?? throw new PipelineException(
            ErrorCodes.SharedPlaceMissing,
            $"Pipeline '{environment.Name}' runs on several nodes, and these need a place for checkpoints that they share: set "
                + $"Penstock:Pipelines:{environment.Name}:Checkpoints:Path.");
        return Remote(environment, path, "Checkpoints:Path")
            ?? new FolderStorage(environment.Files, path, environment.Name, isLocked: false);
    }

    /// <summary>
    /// Returns the storage of a savepoint. It needs no lock: its manifest is published only if there is none yet, so that one of two
    /// writers is refused.
    /// </summary>
    public static ICheckpointStorage OfSavepoint(ExecutionEnvironment environment, string path) =>
        Remote(environment, path, "the place of the savepoint")
            ?? new FolderStorage(environment.Files, Path.GetFullPath(path), environment.Name, isLocked: false);

    /// <summary>
    /// Refuses locations for which no provider is registered at start, since that of savepoints may not be needed for weeks.
    /// </summary>
    /// <exception cref="PipelineException">No provider is registered for the scheme of a location.</exception>
    public static void CheckSchemes(ExecutionEnvironment environment)
    {
        var options = environment.Options;
        ProviderOf(environment, options.Checkpoints.Path, "Checkpoints:Path");
        ProviderOf(environment, options.Savepoints.Path, "Savepoints:Path");
        ProviderOf(environment, options.Savepoints.StartFrom, "Savepoints:StartFrom");
    }

    private static ICheckpointStorage? Remote(ExecutionEnvironment environment, string path, string what) =>
        ProviderOf(environment, path, what)?.Create(path);

    private static ICheckpointStorageProvider? ProviderOf(ExecutionEnvironment environment, string? path, string what)
    {
        if (NormalizedPath.SchemeOf(path) is not { } scheme)
        {
            return null;
        }

        return environment.Services
            .GetServices<ICheckpointStorageProvider>()
            .FirstOrDefault(provider => provider.Scheme.Equals(scheme, StringComparison.OrdinalIgnoreCase))
            ?? throw new PipelineException(
                ErrorCodes.SchemeUnknown,
                $"Pipeline '{environment.Name}': no provider is registered for '{scheme}{NormalizedPath.SchemeSeparator}' "
                    + $"({what} is '{path}'). Add the package for it and its services, or set a folder.");
    }

    /// <summary>Returns the location as shown in messages and marks: a folder with its full path.</summary>
    public static string? Absolute(string? path) => path == null || NormalizedPath.HasScheme(path) ? path : Path.GetFullPath(path);
}
