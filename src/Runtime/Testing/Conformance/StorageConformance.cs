using Penstock.Connectors;

namespace Penstock.Testing;

/// <summary>Checks that a storage of checkpoints keeps the promises of <see cref="ICheckpointStorage"/>.</summary>
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
    /// <summary>Makes the checks of a storage.</summary>
    /// <param name="setUp">Makes an empty place, anew for each check.</param>
    /// <param name="timeLimit">How long a check may take. Default: a minute.</param>
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
