namespace Penstock.Tests;

/// <summary>
/// The repository that the running tests were built from, found upwards from their assembly: paths in the compiled code are
/// no help, because a build on a CI server makes them the same on every machine (deterministic source paths).
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
