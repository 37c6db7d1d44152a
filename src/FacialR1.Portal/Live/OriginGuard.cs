using Microsoft.Extensions.Options;

namespace FacialR1.Portal.Live;

/// <summary>Keeps pages of other sites away from the hubs. Browsers ask nobody before a page opens a WebSocket to another host, so the server must look itself.</summary>
public static class OriginGuard
{
    public const string Policy = "hubs";

    public static IServiceCollection AddOriginGuard(this IServiceCollection services)
    {
        services.AddCors();
        services.AddOptions<Microsoft.AspNetCore.Cors.Infrastructure.CorsOptions>().Configure<IOptions<LiveOptions>>((cors, live) =>
            cors.AddPolicy(Policy, policy => policy.WithOrigins(live.Value.AllowedOrigins).AllowAnyHeader().AllowAnyMethod().AllowCredentials()));
        return services;
    }

    /// <summary>Answers 403 where the origin is neither this host nor listed.</summary>
    public static IApplicationBuilder UseOriginGuard(this IApplicationBuilder app, string path) => app.UseWhen(context => context.Request.Path.StartsWithSegments(path), guarded => guarded.Use((context, next) =>
    {
        var allowed = context.RequestServices.GetRequiredService<IOptions<LiveOptions>>().Value.AllowedOrigins;
        if (IsAllowed(context.Request.Headers.Origin, context.Request.Host.Value, allowed)) return next(context);
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsync("Pages of other sites may not listen here. Name the site in the setting Live:AllowedOrigins to allow it.");
    }));

    internal static bool IsAllowed(string? origin, string? host, IReadOnlyList<string> allowed) =>
        string.IsNullOrEmpty(origin)
        || (Uri.TryCreate(origin, UriKind.Absolute, out var page) && string.Equals(page.Authority, host, StringComparison.OrdinalIgnoreCase))
        || allowed.Contains(origin.TrimEnd('/'), StringComparer.OrdinalIgnoreCase);
}
