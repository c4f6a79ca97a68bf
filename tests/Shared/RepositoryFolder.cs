namespace Penstock.Tests;

/// <summary>
/// The repository from which the running tests were built, found from the folder of their assembly upwards. Paths in the compiled code
/// cannot be used, because a build on a CI server makes them the same on every machine (deterministic source paths).
/// </summary>
internal static class RepositoryFolder
{
    /// <summary>The folder of the solution.</summary>
    public static string Path { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Dataflow.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above '{start}' holds Dataflow.sln: the tests run only inside the repository.");
    }
}
