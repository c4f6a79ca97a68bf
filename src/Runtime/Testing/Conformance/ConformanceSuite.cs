namespace Penstock.Testing;

/// <summary>The checks of one contract. They need no test framework: a broken promise is an exception.</summary>
/// <example>
/// One test for all checks, or one for each (here with xUnit):
/// <code>
/// [Fact]
/// public Task Is_a_source() => Suite.VerifyAsync();
///
/// public static TheoryData&lt;string&gt; Checks => [.. Suite.Checks.Select(check => check.Name)];
///
/// [Theory, MemberData(nameof(Checks))]
/// public Task Keeps_its_promise(string check) => Suite.VerifyAsync(check);
/// </code>
/// </example>
public sealed class ConformanceSuite
{
    private static readonly TimeSpan DefaultTimeLimit = TimeSpan.FromSeconds(60);

    private ConformanceSuite(IReadOnlyList<ConformanceCheck> checks) => Checks = checks;

    /// <summary>The checks, in the order in which they say most: where one fails, those behind it may fail for the same reason.</summary>
    public IReadOnlyList<ConformanceCheck> Checks { get; }

    /// <summary>Runs all checks, one after the other.</summary>
    /// <returns>A task that completes when all promises are found to be kept.</returns>
    /// <exception cref="ConformanceException">A promise is broken; the checks behind it were not run.</exception>
    public async Task VerifyAsync()
    {
        foreach (var check in Checks)
        {
            await check.RunAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Runs one check.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Whether there was something to check; see <see cref="ConformanceCheck.RunAsync"/>.</returns>
    /// <exception cref="ArgumentException">There is no check of that name.</exception>
    /// <exception cref="ConformanceException">The promise is broken.</exception>
    public Task<bool> VerifyAsync(string name) =>
        (Checks.FirstOrDefault(check => check.Name == name) ?? throw new ArgumentException(
            $"There is no check '{name}'. There are: {string.Join("; ", Checks)}.",
            nameof(name)))
        .RunAsync();

    /// <summary>Makes a suite whose checks have a new setup each.</summary>
    /// <typeparam name="TSetup">What a check needs.</typeparam>
    /// <param name="contract">The name of the contract.</param>
    /// <param name="setUp">Makes a setup.</param>
    /// <param name="cleanUp">What a setup has to be done afterwards; null for nothing.</param>
    /// <param name="timeLimit">How long a check may take.</param>
    /// <param name="checks">The checks by name.</param>
    internal static ConformanceSuite Of<TSetup>(
        string contract,
        Func<TSetup> setUp,
        Func<TSetup, Action?> cleanUp,
        TimeSpan? timeLimit,
        IEnumerable<(string Name, Func<CheckRun, TSetup, Task<bool>> Check)> checks)
        where TSetup : class
    {
        ArgumentNullException.ThrowIfNull(setUp);
        return new(
            [.. checks.Select(check => new ConformanceCheck(contract, check.Name, timeLimit ?? DefaultTimeLimit, Bind(check.Check)))]);

        Func<CheckRun, Task<bool>> Bind(Func<CheckRun, TSetup, Task<bool>> check) => async run =>
        {
            var setup = setUp() ?? throw run.Broken("it is null.", "Return a setup.");
            return await CheckRun.ThenCloseAsync(() => check(run, setup), () =>
            {
                cleanUp(setup)?.Invoke();
                return default;
            });
        };
    }
}
