using Penstock.Connectors;

namespace Penstock.Testing;

/// <summary>Checks that a checkpoint storage keeps the promises of <see cref="ICheckpointStorage"/>.</summary>
/// <example>
/// <code>
/// await StorageConformance.For(() =>
/// {
///     var prefix = Guid.NewGuid().ToString("N");
///     return new StorageSetup { Create = () => new BlobStorage(container, prefix) };
/// }).VerifyAsync();
/// </code>
/// </example>
public static class StorageConformance
{
    /// <summary>Creates the checks of a storage.</summary>
    /// <param name="setUp">Creates an empty place. Called for each check.</param>
    /// <param name="timeLimit">The maximum duration of a check. Default: one minute.</param>
    /// <returns>The checks.</returns>
    public static ConformanceSuite For(Func<StorageSetup> setUp, TimeSpan? timeLimit = null) => ConformanceSuite.Of(
        nameof(ICheckpointStorage),
        setUp,
        static setup => setup.CleanUp,
        timeLimit,
        StorageChecks.All.Select(static check => (check.Name, Bind(check.Check))));

    private static Func<CheckRun, StorageSetup, Task<bool>> Bind(Action<StorageChecks> check) => (run, setup) =>
    {
        var checks = new StorageChecks(run, setup);
        return CheckRun.ThenCloseAsync(
            () =>
            {
                check(checks);
                return Task.FromResult(true);
            },
            checks.CloseAsync);
    };
}
