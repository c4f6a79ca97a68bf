namespace Penstock.Testing;

/// <summary>The checks of one contract. They need no test framework: a broken promise throws an exception.</summary>
/// <example>
/// One test for all checks, or one test per check (here with xUnit):
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

    /// <summary>The checks. If one fails, later ones may fail for the same reason, so start with the first failure.</summary>
    public IReadOnlyList<ConformanceCheck> Checks { get; }

    /// <summary>Runs all checks, one after the other.</summary>
    /// <returns>A task that completes when all checks have passed.</returns>
    /// <exception cref="ConformanceException">A promise is broken; the remaining checks were not run.</exception>
    public async Task VerifyAsync()
    {
        foreach (var check in Checks)
        {
            await check.RunAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Runs one check.</summary>
    /// <param name="name">The name of the check.</param>
    /// <returns><c>true</c> if there was something to check; see <see cref="ConformanceCheck.RunAsync"/>.</returns>
    /// <exception cref="ArgumentException">There is no check with that name.</exception>
    /// <exception cref="ConformanceException">The promise is broken.</exception>
    public Task<bool> VerifyAsync(string name) =>
        (Checks.FirstOrDefault(check => check.Name == name) ?? throw new ArgumentException(
            $"There is no check '{name}'. There are: {string.Join("; ", Checks)}.",
            nameof(name)))
        .RunAsync();

    /// <summary>Creates a suite whose checks each get a new setup.</summary>
    /// <typeparam name="TSetup">The type of the setup.</typeparam>
    /// <param name="contract">The name of the contract.</param>
    /// <param name="setUp">Creates a setup.</param>
    /// <param name="cleanUp">Cleans up a setup; null if no cleanup is needed.</param>
    /// <param name="timeLimit">The maximum duration of a check.</param>
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
